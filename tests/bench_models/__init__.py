"""How good the models are beside others at equal CPU time, on real tables; and what a trial costs beside plain code."""
