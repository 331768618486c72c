"""What was done, as the methods paragraph of a paper, with what it rests on."""

from __future__ import annotations

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.spec import ANALYSIS, BackTransform, Method, MissingPolicy, TargetTransform
from zerosec_analyses.sdk import Said, say

ESTIMATORS = {
    Method.OLS: say("ordinary least squares"),
    Method.RIDGE: say("ridge regression"),
    Method.LASSO: say("the lasso"),
    Method.ELASTIC_NET: say("the elastic net"),
}
TRANSFORMS = {
    TargetTransform.LOG: say("the natural logarithm"),
    TargetTransform.BOX_COX: say("a Box–Cox transform (Box & Cox 1964)"),
    TargetTransform.YEO_JOHNSON: say("a Yeo–Johnson transform (Yeo & Johnson 2000)"),
}
POLICIES = {
    MissingPolicy.REFUSE: say("No row missed a value."),
    MissingPolicy.DROP: say("Rows with a missing value in a used column were left out."),
    MissingPolicy.IMPUTE_MEAN: say(
        "Missing predictors were filled in with means (categories: the most frequent level) of the training rows."
    ),
    MissingPolicy.IMPUTE_MEDIAN: say(
        "Missing predictors were filled in with medians (categories: the most frequent level) of the training rows."
    ),
}


def methods_text(result: LinearResult) -> list[Said]:
    """Sentences of the methods paragraph."""
    table, parameters, design = result.table, result.parameters, result.design
    inference, judged = result.inference, result.cross_validation
    formula = " + ".join(term.label for term in design.terms) or "1"
    known = {
        "target": parameters.target,
        "method": ESTIMATORS[parameters.method],
        "terms": formula
        if len(formula) <= 600
        else say("{count:,} terms", one="1 term", count=len(design.terms)),
        "used": f"{table.n_rows:,}",
        "rows": f"{table.n_file_rows:,}",
    }
    sentences = [
        say("{target} was modelled by {method} on {terms}, using {used} of {rows} rows.", **known)
        if design.intercept
        else say(
            "{target} was modelled by {method} on {terms}, without an intercept, using {used} of {rows} rows.",
            **known,
        ),
        POLICIES[parameters.missing],
    ]
    if any(kind.is_categorical for kind in table.kinds.values()):
        levels = ", ".join(f"{k.name}: {k.reference}" for k in table.kinds.values() if k.is_categorical)
        sentences.append(
            say(
                "Categories were coded as differences from a reference level ({levels}).", levels=levels[:400]
            )
        )
    if parameters.target_transform in TRANSFORMS:
        sentences.append(
            say(
                "The target was put through {transform}; predictions on its own scale are {scale}.",
                transform=TRANSFORMS[parameters.target_transform],
                scale=say("means by smearing (Duan 1983)")
                if parameters.back_transform is BackTransform.MEAN
                else say("medians, the plain inverse of the fitted value"),
            )
        )
    if inference is not None:
        sentences.append(
            say(
                "Normal equations were solved in exact rational arithmetic from the decimal text of the file, each result rounded once."
            )
            if inference.in_exact_arithmetic
            else say(
                "Coefficients come from Householder QR factors of blocks of rows (Demmel et al. 2012), refined once."
            )
        )
        if inference.robust:
            sentences.append(
                say(
                    "Standard errors of the coefficients are robust against unequal spread (HC3, MacKinnon & White 1985)."
                )
            )
        sentences.append(
            say(
                "Intervals are {level:.4g}% intervals of Student's t with {df:,} degrees of freedom; sums of squares are of Type "
                "{kind}. Collinearity is judged by condition indices (Belsley et al. 1980) and generalised variance inflation (Fox & "
                "Monette 1992), the residuals by Breusch and Pagan's test in Koenker's form and Shapiro and Wilk's.",
                level=100 * parameters.confidence_level,
                df=inference.residual_degrees_of_freedom,
                kind=parameters.anova_type.value,
            )
        )
    else:
        sentences.append(
            say(
                "The strength of the penalty was chosen by cross-validation within each training part; standard errors are not "
                "given, since they are not valid for penalised coefficients."
            )
        )
    if judged is not None:
        sentences.append(
            say(
                "Accuracy is that on unseen rows, by {plan}; everything that is learnt from data was learnt anew in each training "
                "part. R² on unseen rows is 1 − Σ(y − ŷ)² / Σ(y − ȳ)², with ŷ from the model and ȳ the mean of the rows it was trained "
                "on; it is negative for a model worse than that mean.",
                plan=judged.plan.description,
            )
        )
    sentences.append(say("Random choices used the seed {seed}.", seed=result.seed))
    return sentences


def citations(result: LinearResult) -> list[str]:
    """The works the paragraph rests on."""
    parameters, inference = result.parameters, result.inference
    wanted = {"Fox", "Koenker", "Shapiro"} if inference is not None else set()
    if inference is not None:
        wanted |= {"MacKinnon"} if inference.robust else set()
        wanted |= {"Belsley"} | (set() if inference.in_exact_arithmetic else {"Demmel"})
    if parameters.target_transform is TargetTransform.BOX_COX:
        wanted.add("Box,")
    if parameters.target_transform is TargetTransform.YEO_JOHNSON:
        wanted.add("Yeo")
    if (
        parameters.target_transform is not TargetTransform.NONE
        and parameters.back_transform is BackTransform.MEAN
    ):
        wanted.add("Duan")
    if parameters.method is not Method.OLS:
        wanted.add("Hoerl" if parameters.method is Method.RIDGE else "Tibshirani")
        wanted |= {"Zou"} if parameters.method is Method.ELASTIC_NET else set()
    return [c.text for c in ANALYSIS.citations if c.text.startswith(tuple(wanted))] if wanted else []
