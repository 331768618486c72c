"""Sentences keep their template, cross the wire with their translations, and read right in either language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerosec_shared.analyses import AnalysisInfo, StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.texts import Said, Texts, cut, joined, ours, say
from zerosec_shared.translations import in_language, with_translations
from zerosec_shared.views import Column, Metric, Notice, Result, ScatterView, Series, TableView

JA = Texts(
    {
        "ja": {
            "{rows:,} rows have no value in {column} and were left out.": "{column} の値がない {rows} 行を除きました。",
            "A model of {target} by {method}.": "{method}による {target} のモデル。",
            "least squares": "最小二乗法",
            "Fitted": "当てはめ値",
            "row {label}": "{label} 行目",
            "Estimate": "推定値",
            "exact": "厳密",
            "Target": "目的変数",
            "Ridge": "リッジ回帰",
        }
    }
)


def on_the_other_side(result: Result) -> Result:
    """What arrives: nothing but JSON crosses."""
    return Result.model_validate_json(with_translations(result, JA).model_dump_json())


def test_a_sentence_is_plain_text_in_english_and_reads_in_japanese_on_the_other_side() -> None:
    message = say("{rows:,} rows have no value in {column} and were left out.", rows=12345, column="摩耗量")
    result = Result(warnings=(Notice(code="dropped", message=message),))

    arrived = on_the_other_side(result)

    assert message == "12,345 rows have no value in 摩耗量 and were left out."
    assert arrived.warnings[0].message == message
    assert in_language(arrived, "ja").warnings[0].message == "摩耗量 の値がない 12,345 行を除きました。"
    assert in_language(arrived, "fr").warnings[0].message == message


def test_a_result_can_be_put_back_into_english() -> None:
    arrived = on_the_other_side(Result(metrics=(Metric(name="m", value=1, label="Fitted"),)))

    japanese = in_language(arrived, "ja")

    assert japanese.metrics[0].label == "当てはめ値"
    assert in_language(japanese, "en") == arrived


def test_a_value_in_words_is_translated_and_a_name_of_the_users_is_not() -> None:
    said, typed = Metric(name="m", value=say("least squares")), Metric(name="n", value="Ridge")
    arrived = on_the_other_side(Result(metrics=(said, typed)))

    assert [metric.value for metric in arrived.metrics] == ["least squares", "Ridge"]
    assert [metric.value for metric in in_language(arrived, "ja").metrics] == ["最小二乗法", "Ridge"]


def test_a_sentence_within_a_sentence_is_translated_with_it() -> None:
    whole = say("A model of {target} by {method}.", target="y", method=say("least squares"))

    assert JA.find(whole, "ja") == "最小二乗法による y のモデル。"


@pytest.mark.parametrize(
    "name", ["{column.__class__}", "{rows}", "{0}", "{}", "%s", "{rows:,}", "{column!r}"]
)
def test_a_hostile_value_is_put_in_as_it_is(name: str) -> None:
    said = say("{rows:,} rows have no value in {column} and were left out.", rows=3, column=name)

    assert said == f"3 rows have no value in {name} and were left out."
    assert JA.find(said, "ja") == f"{name} の値がない 3 行を除きました。"


@given(st.text(), st.integers())
def test_whatever_the_values_both_languages_hold_them(column: str, rows: int) -> None:
    said = say("{rows:,} rows have no value in {column} and were left out.", rows=rows, column=column)
    japanese = JA.find(said, "ja")

    assert japanese is not None
    for text in (said, japanese):
        assert column in text
        assert f"{rows:,}" in text


@pytest.mark.parametrize("values", [{}, {"rows": 1}, {"rows": 1, "column": "x", "more": 2}])
def test_a_field_without_a_value_or_a_value_without_a_field_is_a_mistake(
    values: dict[str, int | str],
) -> None:
    with pytest.raises(KeyError):
        say("{rows} rows miss {column}", **values)


MISSED = "{rows:,} rows have no value in {column} and were left out."


@pytest.mark.parametrize(
    ("rows", "english"),
    [
        (0, "0 rows have no value in {rows} and were left out."),
        (1, "1 row has no value in {rows} and was left out."),
        (1000, "1,000 rows have no value in {rows} and were left out."),
    ],
)
def test_one_thing_is_said_in_words_of_its_own_and_has_the_japanese_of_many(rows: int, english: str) -> None:
    said = say(MISSED, one="1 row has no value in {column} and was left out.", rows=rows, column="{rows}")

    notice = with_translations(Notice(code="rows", message=said), JA)
    arrived = Notice.model_validate_json(notice.model_dump_json())

    assert arrived.message == english
    assert in_language(arrived, "ja").message == f"{{rows}} の値がない {rows:,} 行を除きました。"


def test_one_thing_of_many_is_told_by_the_count_that_is_put_into_words() -> None:
    def left_out(dropped: int, rows: int) -> str:
        return say(
            "{dropped:,} of {rows:,} rows are gone.",
            one="1 of {rows} rows is gone.",
            dropped=dropped,
            rows=rows,
        )

    assert [left_out(1, 60), left_out(2, 60), left_out(2, 1)] == [
        "1 of 60 rows is gone.",
        "2 of 60 rows are gone.",
        "2 of 1 rows are gone.",
    ]


def test_a_cut_sentence_is_cut_in_both_languages() -> None:
    said = cut(say("A model of {target} by {method}.", target="y" * 300, method="x"), 200)

    assert isinstance(said, Said)
    assert len(said) == 200
    assert len(JA.find(said, "ja") or "") == 200


def test_names_of_the_user_stay_even_where_they_read_like_our_words() -> None:
    view = ScatterView(
        id="a",
        title="Fitted",
        x=Column(name="Estimate"),
        y=Column(name="fitted", label="Fitted"),
        series=(Series(name="Ridge", x=("exact", 1.0), y=(1.0, 2.0), labels=("Fitted", "7"), label_text=ours("row {label}")),),
    )  # fmt: skip

    shown = in_language(on_the_other_side(Result(views=(view,))), "ja").views[0]

    assert isinstance(shown, ScatterView)
    assert (shown.title, shown.y.label, shown.x.name) == ("当てはめ値", "当てはめ値", "Estimate")
    assert (shown.series[0].name, shown.series[0].x[0]) == ("Ridge", "exact")
    assert [shown.series[0].label_at(i) for i in (0, 1, 2)] == ["Fitted 行目", "7 行目", ""]


def test_a_word_that_is_also_a_name_of_the_user_in_the_same_view_stays_english() -> None:
    view = ScatterView(
        id="a",
        title="Fitted",
        x=Column(name="x"),
        y=Column(name="y"),
        series=(Series(name="Fitted", x=(1.0,), y=(1.0,)),),
    )

    assert in_language(on_the_other_side(Result(views=(view,))), "ja").views[0].title == "Fitted"


def test_a_name_of_the_user_in_a_field_for_our_texts_stays_too() -> None:
    view = ScatterView(
        id="a",
        title="Ridge",
        x=Column(name="x", label=say("{name}", name="Fitted")),
        y=Column(name="y", label="Fitted"),
        series=(Series(x=(1.0,), y=(1.0,)),),
    )

    shown = in_language(on_the_other_side(Result(views=(view,))), "ja").views[0]

    assert isinstance(shown, ScatterView)
    assert (shown.title, shown.x.label, shown.y.label) == ("リッジ回帰", "Fitted", "Fitted")


def test_only_the_columns_of_a_table_that_hold_our_words_are_translated() -> None:
    columns = (Column(name="term", label="Estimate"), Column(name="note", worded=True))
    rows = (("Fitted", say("exact")), ("Estimate", "least squares"))
    view = TableView(id="t", title="Estimate", columns=columns, rows=(), total_rows=2).model_copy(
        update={"rows": rows}
    )

    shown = in_language(on_the_other_side(Result(views=(view,))), "ja").views[0]

    assert isinstance(shown, TableView)
    assert shown.rows == (("Fitted", "厳密"), ("Estimate", "least squares"))
    assert shown.columns[0].label == "推定値"


def test_sentences_in_a_row_are_translated_each_by_itself() -> None:
    row = joined([say("least squares"), "least squares", say("exact")], "; ")

    assert row == "least squares; least squares; exact"
    assert JA.find(row, "ja") == "最小二乗法; least squares; 厳密"


def test_sentences_in_a_row_have_no_space_behind_a_full_stop_that_is_as_wide_as_a_sign() -> None:
    texts = Texts({"ja": {"It is done.": "終わりました。", "exact": "厳密"}})
    row = joined([say("It is done."), say("It is done."), say("exact"), say("exact")], " ")

    assert row == "It is done. It is done. exact exact"
    assert texts.find(row, "ja") == "終わりました。終わりました。厳密 厳密"


def test_a_form_is_translated_and_its_values_are_not() -> None:
    schema = {
        "title": "Target",
        "properties": {
            "title": {"title": "Target", "default": "Target", "enum": ["Ridge"], "labels": {"Ridge": "Ridge"}}
        },
    }
    info = AnalysisInfo(
        id="a", version="1.0.0", title="Fitted", summary="", steps=(StepInfo(id="s", title="S", parameters_schema=schema),)
    )  # fmt: skip

    shown = in_language(with_translations(info, JA), "ja")

    assert shown.title == "当てはめ値"
    assert shown.steps[0].parameters_schema == {
        "title": "Target",
        "properties": {
            "title": {
                "title": "目的変数",
                "default": "Target",
                "enum": ["Ridge"],
                "labels": {"Ridge": "リッジ回帰"},
            }
        },
    }


def test_a_check_of_a_request_is_refused_in_japanese_too() -> None:
    from zerosec_analyses.catalogue import load_catalogue
    from zerosec_server.api.errors import ApiError, problem_response
    from zerosec_server.api.submitting import effective_parameters
    from zerosec_shared.errors import Problem

    linear = load_catalogue()["linear"]
    given: dict[str, JsonValue] = {
        "target": "{y.__class__}",
        "cv_folds": 1,
        "confidence_level": 2,
        "metod": "ols",
    }

    with pytest.raises(ApiError) as refused:
        effective_parameters(linear, linear.step(None), given, ())

    problem = Problem.model_validate_json(bytes(problem_response(refused.value, "r").body))
    japanese = in_language(problem, "ja")
    said = {error.path: error.message for error in japanese.errors}
    sentence = "分割数が 1 では学習するデータがありません。0（自動）または 2 以上を選んでください。"
    assert said["cv_folds",] == sentence
    assert said["confidence_level",] == "0.9999 以下の値を指定してください。"
    assert said["metod",] == "パラメーター「metod」はありません。「method」ではありませんか？"
    assert japanese.title == "パラメーターに誤りがあります。"

    with pytest.raises(ApiError) as refused:
        effective_parameters(linear, linear.step(None), {"target": "y", "cv_folds": 1}, ())

    problem = Problem.model_validate_json(bytes(problem_response(refused.value, "r").body))
    assert in_language(problem, "ja").detail == f"分割数：{sentence}", "the field once, by its title"


def test_a_declaration_that_has_been_asked_for_takes_other_texts_and_stays_as_it_was() -> None:
    from zerosec_analyses.catalogue import load_catalogue

    linear = load_catalogue()["linear"]
    shown = linear.info()
    other = linear.with_texts(Texts({"ja": {linear.title: "別の題名"}}))

    assert other.info().translations["ja"] == {linear.title: "別の題名"}
    assert in_language(other.info(), "ja").title == "別の題名"
    assert linear.info() is shown
    assert linear.info().translations["ja"][linear.title] != "別の題名"
    assert (other.steps, other.id) == (linear.steps, linear.id)


def test_tables_that_lie_over_others_win_and_what_only_the_others_have_is_found() -> None:
    ours, theirs = (
        Texts({"ja": {"Rows": "行"}}),
        Texts({"ja": {"Rows": "段", "Columns": "列"}, "de": {"Rows": "Zeilen"}}),
    )

    both = ours.over(theirs)

    assert [both.find(text, "ja") for text in ("Rows", "Columns", "Cells")] == ["行", "列", None]
    assert both.find("Rows", "de") == "Zeilen"
    assert both.table("ja") == {"Rows": "行", "Columns": "列"}
    assert (list(both.languages), list(ours.languages)) == (["ja", "de"], ["ja"])
    assert both.over(theirs).table("ja") == both.table("ja")
