"""What a calibration of files gives: every layout, the user's decisions, own causes and matrices, and honesty where it fails."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ROOT

from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.analysis import Calibration
from zerosec_analyses.va_calibration.calibration import largest_remainder
from zerosec_analyses.va_calibration.findings import findings
from zerosec_analyses.va_calibration.method import run
from zerosec_analyses.va_calibration.outputs.tables import write_path_correction
from zerosec_analyses.va_calibration.preview import preview
from zerosec_analyses.va_calibration.spec import ANALYSIS, VaParameters

Table = Callable[[str, str], Path]
Calibrate = Callable[..., Calibration]

EXAMPLE = ROOT / "examples" / "comsa_mozambique_neonate.csv"
DEATHS = {"Sepsis": 120, "Pneumonia": 60, "Intrapartum": 110, "Preterm": 80, "Malformation": 20, "Other": 10}


def counts(deaths: dict[str, int]) -> str:
    return "cause,deaths\n" + "".join(f"{name},{number}\n" for name, number in deaths.items())


def individuals(deaths: dict[str, int], column: str = "cause") -> str:
    names = [name for name, number in deaths.items() for _ in range(number)]
    return f"ID,{column}\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names))


def indicators(deaths: dict[str, int]) -> str:
    rows = [
        ",".join(["1" if name == own else "0" for name in deaths])
        for own, number in deaths.items()
        for _ in range(number)
    ]
    return ",".join(["ID", *deaths]) + "\n" + "".join(f"{number},{row}\n" for number, row in enumerate(rows))


def wide(deaths: dict[str, int]) -> str:
    return ",".join(deaths) + "\n" + ",".join(map(str, deaths.values())) + "\n"


def codes(result: Calibration) -> set[str]:
    return {finding.code for finding in findings(result)}


def test_every_layout_gives_the_same_numbers(table: Table, calibrate: Calibrate) -> None:
    texts = (
        counts(DEATHS),
        individuals(DEATHS),
        individuals(DEATHS, "cause1"),
        indicators(DEATHS),
        wide(DEATHS),
    )

    results = [calibrate({"eava": table(f"{n}.csv", text)}) for n, text in enumerate(texts)]

    for result in results:
        assert result.main.deaths_before.tolist() == [20, 60, 120, 110, 10, 80]
        assert result.main.mean.tolist() == results[0].main.mean.tolist()


def test_names_are_known_whatever_their_case_and_code(table: Table, calibrate: Calibrate) -> None:
    odd = {"10.06 congenital malformation": 20, "NEONATAL  PNEUMONIA": 60, "sepsis_meningitis_inf": 120, "birth-asphyxia": 110, "Road traffic accident": 10, "prematurity": 80}  # fmt: skip

    result = calibrate({"interva": table("a.csv", counts(odd))})

    assert result.main.deaths_before.tolist() == [20, 60, 120, 110, 10, 80]


def test_the_user_decides_about_names_and_the_report_repeats_it(table: Table, calibrate: Calibrate) -> None:
    data = table("a.csv", counts({**DEATHS, "Evil eye": 3, "Fever": 7, "Unspecified": 50}))

    result = calibrate(
        {"eava": data}, cause_names={"evil eye": "leave out", "Fever": "sepsis_meningitis_inf"}
    )

    assert result.main.deaths_before.tolist() == [20, 60, 127, 110, 10, 80]
    told = {finding.code: finding.message for finding in findings(result)}
    assert (
        told["left_out_eava"]
        == "Left out by your decision, for EAVA: Evil eye (3); together 3 of 460 deaths."
    )
    assert "Fever → sepsis_meningitis_inf" in told["mapped_eava"]
    assert told["unspecified_eava"].startswith("50 of 460 deaths")


def test_what_is_left_uncalibrated_keeps_its_share_exactly(table: Table, calibrate: Calibrate) -> None:
    result = calibrate({"insilicova": table("a.csv", counts(DEATHS))})

    fit = result.main
    # congenital malformation: InSilicoVA's rates range over 0.03
    assert fit.left_out.tolist() == [True, False, False, False, True, False]
    assert fit.mean[[0, 4]].tolist() == [20 / 400, 10 / 400]
    assert fit.low[[0, 4]].tolist() == fit.high[[0, 4]].tolist() == fit.mean[[0, 4]].tolist()
    assert fit.mean.sum() == pytest.approx(1, abs=1e-12)
    assert fit.draws is not None
    assert np.allclose(fit.draws.sum(axis=2), 1, atol=1e-12)
    assert "uninformative_insilicova" in codes(result)


def test_all_causes_are_calibrated_if_that_is_asked_for(table: Table, calibrate: Calibrate) -> None:
    result = calibrate({"eava": table("a.csv", counts(DEATHS))}, not_calibrated=(), learn=False)

    assert not result.main.left_out.any()


def test_a_cause_without_deaths_stalls_path_correction_and_no_interval_is_given(
    table: Table, calibrate: Calibrate
) -> None:
    result = calibrate({"eava": table("a.csv", counts({**DEATHS, "Preterm": 0}))})

    fit = result.main
    assert fit.stalled
    assert result.models[0].path is not None
    assert result.models[0].path.shrinkage == 0.99
    assert np.isnan(fit.low[~fit.left_out]).all()
    assert np.isfinite(fit.mean).all()
    assert {"stalled_eava", "no_deaths_eava"} <= codes(result)


def test_path_correction_hangs_on_no_seed_and_is_told(tmp_path: Path, calibrate: Calibrate) -> None:
    first, other = (calibrate({"eava": EXAMPLE}, seed=seed) for seed in (1, 2))

    one, two = first.models[0], other.models[0]
    assert one.path == two.path
    assert one.concentrations is not None
    assert two.concentrations is not None
    assert one.concentrations.tolist() == two.concentrations.tolist()
    told = {finding.code: finding.message for finding in findings(first)}
    assert told["path_eava"].endswith("(λ = 0.39).")
    assert write_path_correction(first, tmp_path).read_text(encoding="utf-8").splitlines() == [
        "algorithm,shrinkage,stalled",
        "eava,0.39,no",
    ]


def test_without_path_correction_the_same_data_have_intervals(table: Table, calibrate: Calibrate) -> None:
    result = calibrate({"eava": table("a.csv", counts({**DEATHS, "Preterm": 0}))}, path_correction=False)

    assert not result.main.stalled
    assert np.isfinite(result.main.low).all()
    assert result.models[0].path is None


@pytest.mark.parametrize(
    ("deaths", "expected"),
    [
        ({"Sepsis": 1}, "one_death_eava"),
        ({"Sepsis": 500}, "one_cause_eava"),
        ({"Sepsis": 9, "Pneumonia": 8}, "few_deaths_eava"),
    ],
)
def test_data_that_say_little_are_calibrated_and_flagged(
    table: Table, calibrate: Calibrate, deaths: dict[str, int], expected: str
) -> None:
    result = calibrate({"eava": table("a.csv", counts(deaths))}, path_correction=False)

    assert expected in codes(result)
    assert np.isfinite(result.main.mean).all()


def test_deaths_of_uncalibrated_causes_alone_are_given_as_they_are(
    table: Table, calibrate: Calibrate
) -> None:
    result = calibrate({"eava": table("a.csv", counts({"Other": 40}))})

    assert result.main.samples is None
    assert result.main.mean.tolist() == [0, 0, 0, 0, 1, 0]
    assert "not_calibrated_eava" in codes(result)


@pytest.mark.parametrize(
    ("name", "deaths", "not_calibrated", "expected"),
    [
        ("eava", {"Other": 40}, ["other"], "silent_in_ensemble"),
        # InSilicoVA's rates of malformations hardly vary, which leaves one cause, and nothing to tell apart.
        (
            "insilicova",
            {"Malformation": 40},
            ["other", "pneumonia", "sepsis_meningitis_inf", "prematurity"],
            "uncalibrated_in_ensemble",
        ),
    ],
)
def test_an_algorithm_that_adds_nothing_to_the_ensemble_is_warned_of(
    table: Table,
    calibrate: Calibrate,
    name: str,
    deaths: dict[str, int],
    not_calibrated: list[str],
    expected: str,
) -> None:
    sparse = table("a.csv", counts(deaths))

    result = calibrate({name: sparse, "interva": EXAMPLE}, not_calibrated=not_calibrated)

    told = [finding for finding in findings(result) if finding.code == expected]
    assert len(told) == 1
    assert told[0].is_warning


def test_a_study_keeps_its_own_causes_and_their_order(table: Table, calibrate: Calibrate) -> None:
    study = {"Intrapartum": "ipre", "Congenital": "congenital_malformation", "Diarrhoeal": "sepsis_meningitis_inf", "LRI": "pneumonia", "Sepsis": "sepsis_meningitis_inf", "Preterm": "prematurity", "Tetanus": "sepsis_meningitis_inf", "Other": "other"}  # fmt: skip
    deaths = {"Intrapartum": 82, "Congenital": 17, "Diarrhoeal": 6, "LRI": 33, "Sepsis": 108, "Preterm": 35, "Tetanus": 14, "Other": 7}  # fmt: skip

    result = calibrate({"eava": table("a.csv", counts(deaths))}, study_causes=study, country="Bangladesh")

    assert result.causes.names == tuple(study)
    assert result.main.deaths_before.tolist() == list(deaths.values())
    assert result.models[0].study.means.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-12)
    assert result.main.left_out[7]
    # a sister of the same broad cause gets a thousandth of what is recognised, the others' errors a third each
    rates = result.models[0].study.means
    assert rates[4, 2] / rates[4, 4] == pytest.approx(0.001 / 2 / 0.999)
    assert rates[0, 2] == rates[0, 4] == rates[0, 6]


OWN = "true_cause,concentration,Alpha,Beta,Gamma\nAlpha,40,0.8,0.15,0.05\nBeta,40,0.2,0.7,0.1\nGamma,40,0.1,0.1,0.8\n"


def test_own_matrices_bring_their_own_causes(table: Table, calibrate: Calibrate) -> None:
    files = {
        "own": table("a.csv", counts({"gamma": 100, "Alpha": 200, "Beta": 150})),
        "matrices": table("m.csv", OWN),
    }

    result = calibrate(files, not_calibrated=())

    assert result.causes.names == ("Alpha", "Beta", "Gamma")
    assert result.main.deaths_before.tolist() == [200, 150, 100]
    assert result.models[0].study.concentrations[0].tolist() == pytest.approx([32, 6, 2])
    assert np.isfinite(result.main.low).all()


def test_posterior_draws_of_a_matrix_become_dirichlet_rows_with_their_mean(
    table: Table, calibrate: Calibrate
) -> None:
    rng = np.random.default_rng(1)
    alpha = {"Alpha": [32.0, 6.0, 2.0], "Beta": [8.0, 28.0, 4.0], "Gamma": [3.0, 3.0, 34.0]}
    lines = ["draw,true_cause,Alpha,Beta,Gamma"]
    for draw in range(2000):
        for cause, row in alpha.items():
            lines.append(f"{draw},{cause}," + ",".join(map(str, rng.dirichlet(row))))
    files = {
        "own": table("a.csv", counts({"Gamma": 100, "Alpha": 200, "Beta": 150})),
        "matrices": table("m.csv", "\n".join(lines) + "\n"),
    }

    result = calibrate(files, not_calibrated=())

    found = result.models[0].study
    assert found.sums == pytest.approx([40, 40, 40], rel=0.05)
    assert found.means[0] == pytest.approx([0.8, 0.15, 0.05], abs=0.005)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(calibrate: Calibrate) -> None:
    first, again, other = (calibrate({"eava": EXAMPLE}, seed=seed) for seed in (3, 3, 4))

    assert first.main.mean.tolist() == again.main.mean.tolist()
    assert first.main.high.tolist() == again.main.high.tolist()
    assert first.main.mean.tolist() != other.main.mean.tolist()
    assert first.models[0].path == other.models[0].path


def test_the_same_file_for_two_algorithms_is_noticed(table: Table, calibrate: Calibrate) -> None:
    data = table("a.csv", individuals(DEATHS))

    result = calibrate({"eava": data, "interva": data})

    told = {finding.code: finding.message for finding in findings(result)}
    assert "EAVA and InterVA have exactly the same causes and numbers" in told["same_deaths_eava_interva"]
    assert not [
        code for code in codes(calibrate({"eava": EXAMPLE, "interva": EXAMPLE})) if "same_deaths" in code
    ]


def test_many_deaths_converge_too(table: Table, calibrate: Calibrate) -> None:
    many = {name: 250 * number for name, number in DEATHS.items()}

    result = calibrate({"eava": table("a.csv", counts(many))}, draws=3000, max_draws=3000)

    assert result.main.samples is not None
    assert result.main.samples.converged


def test_an_algorithm_gives_the_same_alone_and_beside_others(calibrate: Calibrate) -> None:
    alone = calibrate({"interva": EXAMPLE})
    beside = calibrate({"eava": EXAMPLE, "interva": EXAMPLE})

    assert alone.fits[0].mean.tolist() == beside.fits[1].mean.tolist()
    assert [fit.name for fit in beside.fits] == ["eava", "interva", "ensemble"]


def test_chains_that_have_not_converged_are_said_to_have_not(calibrate: Calibrate) -> None:
    result = calibrate({"eava": EXAMPLE}, draws=500, max_draws=500, sampler="gibbs")

    assert "not_converged_eava" in codes(result)


@pytest.mark.parametrize(
    ("fractions", "total", "expected"),
    [
        ([0.5, 0.3, 0.2], 10, [5, 3, 2]),
        ([1 / 3, 1 / 3, 1 / 3], 10, [4, 3, 3]),
        ([0.249, 0.251, 0.5], 3, [1, 1, 1]),
        ([0.0, 1.0], 7, [0, 7]),
    ],
)
def test_whole_numbers_of_deaths_add_up(fractions: list[float], total: int, expected: list[int]) -> None:
    assert largest_remainder(np.array(fractions), total).tolist() == expected


def test_a_job_leaves_files_whose_blank_intervals_are_blank(tmp_path: Path, table: Table) -> None:
    ctx = Context.for_notebook(tmp_path / "out", eava=table("a.csv", counts({**DEATHS, "Preterm": 0})))
    params = VaParameters.model_validate({"age_group": "neonate", "country": "other", "draws": 500})

    run(ctx, params)

    with (tmp_path / "out" / "calibration_summary.csv").open(encoding="utf-8") as file:
        rows = {row["cause"]: row for row in csv.DictReader(file)}
    assert rows["ipre"]["calibrated_lower"] == rows["ipre"]["calibrated_upper"] == ""
    assert rows["ipre"]["calibrated"] == "yes"
    outcome = ctx.outcome()
    assert {"stalled_eava", "other_country"} <= {notice.code for notice in outcome.result.warnings}
    bars = next(view for view in outcome.result.views if view.id == "fractions_eava")
    assert bars.kind == "bar"
    assert bars.series[1].low == ()


def test_names_in_a_report_are_only_text(tmp_path: Path, table: Table) -> None:
    data = table("a.csv", counts({**DEATHS, "<script>alert(1)</script>": 4}))
    ctx = Context.for_notebook(tmp_path / "out", eava=data)
    params = VaParameters.model_validate(
        {
            "age_group": "neonate",
            "country": "Kenya",
            "draws": 500,
            "cause_names": {"<script>alert(1)</script>": "leave out"},
        }
    )

    run(ctx, params)

    for name in ("report.html", "report.ja.html"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    assert "新生児" in (tmp_path / "out" / "report.ja.html").read_text(encoding="utf-8")


def test_the_preview_shows_each_name_and_what_must_be_decided(tmp_path: Path, table: Table) -> None:
    data = table("a.csv", counts({**DEATHS, "Evil eye": 3}))
    ctx = Context.for_notebook(tmp_path / "out", eava=data)

    preview(ctx, ANALYSIS.steps[0].draft({"age_group": "neonate"}))  # type: ignore[arg-type]

    result = ctx.outcome().result
    names = next(view for view in result.views if view.id == "names_eava")
    assert names.kind == "table"
    assert names.rows[0] == ("Evil eye", "?", 3)
    assert ("Preterm", "prematurity", 80) in names.rows
    assert any(notice.code == "refused_eava" and "Evil eye" in notice.message for notice in result.warnings)


@pytest.mark.parametrize(
    ("deaths", "expected"), [({"Sepsis": 1}, "one_death_eava"), ({"Sepsis": 500}, "one_cause_eava")]
)
def test_the_preview_warns_of_data_that_say_little(
    tmp_path: Path, table: Table, deaths: dict[str, int], expected: str
) -> None:
    ctx = Context.for_notebook(tmp_path / "out", eava=table("a.csv", counts(deaths)))

    preview(ctx, ANALYSIS.steps[0].draft({"age_group": "neonate"}))  # type: ignore[arg-type]

    assert expected in {notice.code for notice in ctx.outcome().result.warnings}


def test_the_preview_loads_no_sampler() -> None:
    code = "import sys, zerosec_analyses.va_calibration.preview; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
