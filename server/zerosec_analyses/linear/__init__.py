"""Linear models that tell how far they can be trusted: least squares and its penalised kin, judged out of sample."""
