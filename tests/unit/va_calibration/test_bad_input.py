"""What cannot be used is refused with a sentence that says what and where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from zerosec_analyses.va_calibration.causes import BROAD_CAUSES
from zerosec_analyses.va_calibration.spec import AgeGroup

Table = Callable[[str, str], Path]
Refused = Callable[..., str]

COUNTS = "cause,deaths\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ("a.csv",)),
        ("ID,cause\n", ("a.csv",)),
        ("ID,cause\n1,Sepsis\n2,Pneumonia\n1,Sepsis\n", ("ID 1", "rows 2, 4", "Each death counts once")),
        (
            "ID,cause\n1,Sepsis\n2,Curse of Ra\n3,Curse of Ra\n",
            ("Curse of Ra (2)", "2 of 3 deaths", "leave out"),
        ),
        ("ID,cause\n1,Unspecified\n2,Unspecified\n", ("All 2 deaths", "nothing to calibrate")),
        (COUNTS + "Sepsis,5\nPneumonia,-1\n", ("row 3", "“deaths” holds -1", "cannot be negative")),
        (COUNTS + "Sepsis,5\nPneumonia,1.5\n", ("row 3", "1.5", "whole numbers")),
        (COUNTS + "Sepsis,5\nPneumonia,\n", ("row 3", "“deaths” is empty", "Write 0")),
        (COUNTS + "Sepsis,5\nPneumonia,2\nSepsis,1\n", ("“Sepsis” twice", "rows 2 and 4")),
        (COUNTS + "Sepsis,0\nPneumonia,0\n", ("no deaths with a cause",)),
        ("ID,Sepsis,Pneumonia\n1,1,0\n2,1,1\n", ("row 3", "add up to 2")),
        (
            "ID,Sepsis,Pneumonia\n1,1,0\n2,0,0\n",
            ("row 3", "add up to 0", "no column “cause”", "four layouts"),
        ),
        ("ID,Sepsis,Pneumonia\n1,1,0\n2,0,-1\n", ("row 3", "“Pneumonia” holds -1", "cannot be negative")),
        ("name,words\nx,y\n", ("no column “cause” or “cause1”", "name, words", "four layouts")),
        (
            "ID,age,weight,village\n1,3,1.5,7\n2,12,,7\n",
            ("no column “cause” or “cause1”", "ID, age, weight, village", "four layouts"),
        ),
        ("algorithm,cause,deaths\ninterva,Sepsis,3\n", ("no rows of EAVA", "interva")),
        (
            COUNTS + "Malaria,30\nDiarrhea/Dysentery,20\nSepsis,5\n",
            ("not those of neonates", "Malaria (30)", "Choose the other age group"),
        ),
    ],
)
def test_a_file_that_cannot_be_used(table: Table, refused: Refused, text: str, said: tuple[str, ...]) -> None:
    told = refused({"eava": table("a.csv", text)})

    for each in said:
        assert each in told


def test_neonates_are_not_taken_for_children(table: Table, refused: Refused) -> None:
    told = refused(
        {"interva": table("a.csv", COUNTS + "Prematurity,40\nBirth asphyxia,30\nNeonatal sepsis,20\n")},
        age_group="child",
    )

    assert "not those of children" in told
    assert "Prematurity (40)" in told


def test_no_algorithm_is_assumed(refused: Refused) -> None:
    assert "at least one of EAVA" in refused({})


def matrix(rows: str, head: str = "true_cause,A,B,C") -> str:
    return f"{head}\n{rows}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (matrix("A,0.8,0.1,0.1\nB,0,0,0\nC,0.1,0.1,0.8\n"), ("row 3", "all rates of “B” are zero")),
        (matrix("A,0.8,0.1,0.1\nB,0.1,0.5,0.1\nC,0.1,0.1,0.8\n"), ("row 3", "sum to 0.7")),
        (matrix("A,0.8,0.1,0.1\nB,-0.1,1,0.1\nC,0.1,0.1,0.8\n"), ("row 3", "“B” is negative")),
        (matrix("A,0.8,0.1,0.1\nB,,0.9,0.1\nC,0.1,0.1,0.8\n"), ("row 3", "“B” is missing")),
        (matrix("A,0.8,0.1,0.1\nB,0.1,0.8,0.1\nD,0.1,0.1,0.8\n"), ("do not match", "D")),
        (matrix("A,0.8,0.1,0.1\nA,0.1,0.8,0.1\nB,0.1,0.8,0.1\nC,0.1,0.1,0.8\n"), ("“A” more than once",)),
        (matrix("A,x,0.1,0.1\nB,0.1,0.8,0.1\nC,0.1,0.1,0.8\n"), ("“A” holds text",)),
        (
            matrix("0,A,1,0,0\n0,B,0,1,0\n0,C,0,0,1\n", "concentration,true_cause,A,B,C"),
            ("row 2", "concentration must be a number above zero"),
        ),
        (
            matrix("1,A,1,0,0\n1,B,0,1,0\n1,C,0,0,1\n", "draw,true_cause,A,B,C"),
            ("fewer than two draws", "“A”"),
        ),
        (matrix("A,0.8,0.1,0.1\nB,0.1,0.8,0.1\nC,0.1,0.1,0.8\n"), ("has no uncertainty", "concentration")),
    ],
)
def test_a_matrix_that_cannot_be_used(
    table: Table, refused: Refused, text: str, said: tuple[str, ...]
) -> None:
    files = {
        "own": table("a.csv", COUNTS + "A,10\nB,20\nC,30\n"),
        "matrices": table("m.csv", text),
    }

    told = refused(files)

    for each in said:
        assert each in told


def test_a_matrix_that_rules_out_what_was_seen_is_refused(table: Table, refused: Refused) -> None:
    files = {
        "own": table("a.csv", COUNTS + "A,10\nB,20\nC,30\n"),
        "matrices": table("m.csv", matrix("A,0.8,0.2,0\nB,0.1,0.9,0\nC,0.5,0.5,0\n")),
    }

    told = refused(files, fixed=True, learn=False)

    assert "never assigns a death to C, and 30 deaths were" in told


def test_matrices_of_the_other_age_group_are_refused(table: Table, refused: Refused) -> None:
    names = BROAD_CAUSES[AgeGroup.CHILD]
    rows = [f"{each}," + ",".join("1" if each == other else "0" for other in names) for each in names]
    files = {
        "eava": table("a.csv", COUNTS + "Sepsis,10\nPneumonia,20\n"),
        "matrices": table("m.csv", matrix("\n".join(rows) + "\n", "true_cause," + ",".join(names))),
    }

    told = refused(files, fixed=True)

    assert "The matrices in m.csv have the causes of children, and the deaths are those of neonates" in told


def test_another_algorithm_needs_a_matrix(table: Table, refused: Refused) -> None:
    told = refused({"own": table("a.csv", COUNTS + "Sepsis,10\nPneumonia,20\n")})

    assert "no misclassification matrix for Own algorithm" in told


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"cause_names": {"Sepsis": "nonsense"}}, "“nonsense”, which is no cause"),
        ({"study_causes": {"Sepsis": "nonsense"}}, "“nonsense”, which is no broad cause"),
        ({"not_calibrated": ("nonsense",)}, "“nonsense” is to be left uncalibrated"),
    ],
)
def test_a_parameter_that_leads_nowhere(
    table: Table, refused: Refused, parameters: dict[str, object], said: str
) -> None:
    assert said in refused({"eava": table("a.csv", COUNTS + "Sepsis,10\nPneumonia,20\n")}, **parameters)
