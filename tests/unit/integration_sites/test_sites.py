"""Fragments, copies, UMIs and merged sites, by small cases counted by hand."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerosec_analyses.integration_sites.fragments import Fragment, mate_extent
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.sharing import common_counts, shared_sites
from zerosec_analyses.integration_sites.sites import Site, call_sites, greedy_peaks, passes
from zerosec_analyses.integration_sites.umi import UmiPattern, molecules


def forward(site: int, end: int, umi: str = "", contig: int = 0) -> Fragment:
    return Fragment(contig, site, False, site, end, umi)


def backward(site: int, end: int, umi: str = "", contig: int = 0) -> Fragment:
    return Fragment(contig, site - 50, True, site, end, umi)


def sites_of(fragments: Iterable[Fragment], **params: object) -> list[Site]:
    ordered = sorted(fragments, key=lambda each: (each.contig, each.start))
    return list(call_sites(ordered, SiteParameters.model_validate(params)))


def counted(sites: Iterable[Site]) -> list[tuple[int, str, int, int]]:
    return [(site.position, site.strand, site.fragments, site.reads) for site in sites]


def test_reads_with_the_same_ends_are_one_fragment() -> None:
    found = sites_of([forward(100, 300)] * 3 + [forward(100, 310)])

    assert counted(found) == [(100, "+", 2, 4)]


def test_umis_tell_fragments_with_the_same_ends_apart() -> None:
    found = sites_of([forward(100, 300, "AAAA"), forward(100, 300, "CCGG"), forward(100, 300, "CCGG")])

    assert counted(found) == [(100, "+", 2, 3)]


def test_a_misread_umi_is_no_fragment_unless_asked_for() -> None:
    reads = [forward(100, 300, "AAAA")] * 5 + [forward(100, 300, "AAAT")]

    assert counted(sites_of(reads)) == [(100, "+", 1, 6)]
    assert counted(sites_of(reads, correct_umis=False)) == [(100, "+", 2, 6)]


def test_the_strands_of_one_base_are_two_sites() -> None:
    found = sites_of([forward(100, 300), backward(100, 20)])

    assert counted(found) == [(100, "+", 1, 1), (100, "-", 1, 1)]


@pytest.mark.parametrize(
    ("distance", "positions"), [(0, [100, 102, 105]), (2, [100, 105]), (3, [100, 105]), (5, [100])]
)
def test_weak_sites_are_counted_with_the_strong_one_within_the_distance(
    distance: int, positions: list[int]
) -> None:
    reads = [forward(100, end) for end in range(300, 310)] + [
        forward(102, 400),
        forward(105, 401),
        forward(105, 402),
    ]

    found = sites_of(reads, merge_distance=distance)

    assert [site.position for site in found] == positions
    assert sum(site.reads for site in found) == 13


def test_a_fragment_that_starts_at_two_bases_of_a_merged_site_is_one() -> None:
    found = sites_of(
        [forward(100, 300, "ACGT"), forward(101, 300, "ACGT"), forward(100, 320, "GGGG")], merge_distance=1
    )

    assert counted(found) == [(100, "+", 2, 3)]
    assert found[0].positions == 2


def test_a_umi_at_ends_near_each_other_is_of_one_fragment() -> None:
    near = [forward(100, 300, "ACGT"), forward(100, 300, "ACGT"), forward(100, 303, "ACGT")]

    assert counted(sites_of([*near, forward(100, 320, "ACGT")])) == [(100, "+", 2, 4)]
    assert counted(sites_of([forward(100, 300), forward(100, 303)])) == [(100, "+", 2, 2)]


def test_two_strong_sites_with_weak_ones_between_stay_two() -> None:
    weight = {100: (50,), 103: (1,), 106: (40,)}

    assert greedy_peaks(weight, 3) == {100: [100, 103], 106: [106]}


def test_sites_of_the_reverse_strand_wait_for_all_their_reads() -> None:
    """A reverse read begins far before its site: between its first and its last read others may be finished."""
    early = [Fragment(0, 1000, True, 5500, 900, ""), Fragment(0, 5490, True, 5500, 901, "")]
    between = [forward(place, place + 200) for place in range(1100, 5400, 100)]

    found = sites_of([*early, *between])

    assert (5500, "-", 2, 2) in counted(found)
    assert len(found) == len(between) + 1


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.booleans(), st.integers(0, 6000), st.integers(1, 40)),
        min_size=1,
        max_size=60,
    ),
    st.integers(0, 10),
)
def test_the_stream_finds_what_all_at_once_would(
    reads: list[tuple[int, bool, int, int]], distance: int
) -> None:
    fragments = [
        Fragment(
            c, max(0, p - length) if reverse else p, reverse, p, p - length if reverse else p + length, ""
        )
        for c, reverse, p, length in reads
    ]
    found = sites_of(fragments, merge_distance=distance)

    assert sum(site.reads for site in found) == len(reads)
    for contig in (0, 1):
        for reverse in (False, True):
            ends: dict[int, set[int]] = {}
            for each in fragments:
                if (each.contig, each.reverse) == (contig, reverse):
                    ends.setdefault(each.site, set()).add(each.end)
            count = {
                place: (
                    len(of),
                    sum((f.contig, f.reverse, f.site) == (contig, reverse, place) for f in fragments),
                )
                for place, of in ends.items()
            }
            here = [site for site in found if (site.contig, site.reverse) == (contig, reverse)]
            assert {site.position for site in here} == set(greedy_peaks(count, distance))


def test_the_filter_keeps_more_than_one_fragment_or_more_than_five_reads() -> None:
    params = SiteParameters()
    site = Site(0, 1, False, 1, 5, 1, 1)

    assert not passes(site, params)
    assert passes(Site(0, 1, False, 2, 2, 1, 2), params)
    assert passes(Site(0, 1, False, 1, 6, 1, 1), params)


def test_umis_are_put_right_by_their_counts() -> None:
    assert molecules({"ACGT": 10, "ACGA": 3, "ACCA": 1, "TTTT": 4}) == {"ACGT": 14, "TTTT": 4}
    assert molecules({"ACGT": 10, "ACGA": 8}) == {"ACGT": 10, "ACGA": 8}


@given(st.dictionaries(st.text("ACGT", min_size=5, max_size=5), st.integers(1, 20), min_size=1, max_size=40))
def test_no_read_of_a_umi_is_lost_and_the_order_has_no_effect(counts: dict[str, int]) -> None:
    shuffled = list(counts.items())
    random.Random(1).shuffle(shuffled)

    found = molecules(counts)

    assert sum(found.values()) == sum(counts.values())
    assert found == molecules(dict(shuffled))


def test_a_pattern_keeps_what_it_says() -> None:
    pattern = UmiPattern("NNXXNN")

    assert (pattern.split("ACGTTGCA"), pattern.rest("ACGTTGCA")) == ("ACTG", "GTCA")
    assert UmiPattern("NNN").rest("ACGT") == "T"


@pytest.mark.parametrize(
    ("cigar", "reverse", "extent"),
    [
        ("100M", False, (100, 0)),
        ("5S95M", False, (95, 5)),
        ("5S95M", True, (95, 0)),
        ("90M2D8M3H", True, (100, 3)),
        ("10M5I10M2S3H", True, (20, 5)),
        ("2H3S10M", False, (10, 5)),
    ],
)
def test_a_mate_is_measured_by_its_cigar(cigar: str, reverse: bool, extent: tuple[int, int]) -> None:
    assert mate_extent(cigar, reverse=reverse) == extent


def test_samples_share_sites_within_the_distance_around_the_strongest() -> None:
    samples = {
        "a": [Site(0, 100, False, 50, 90, 1, 50), Site(0, 500, True, 3, 3, 1, 3)],
        "b": [Site(0, 102, False, 2, 9, 1, 2), Site(0, 500, False, 4, 4, 1, 4)],
    }

    found = shared_sites(samples, 3)

    assert [(s.position, s.reverse, sorted(s.by_sample)) for s in found] == [
        (100, False, ["a", "b"]),
        (500, False, ["b"]),
        (500, True, ["a"]),
    ]
    assert common_counts(found, ["a", "b"]) == [[2, 1], [1, 2]]
