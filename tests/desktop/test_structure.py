"""The desktop's modules form no circle: whatever is read first can be understood without what uses it."""

from graphlib import CycleError, TopologicalSorter

import grimp


def test_no_module_of_the_desktop_needs_itself_by_way_of_another() -> None:
    """Imports for the type checker count: they are how a circle begins."""
    graph = grimp.build_graph("zerosec_desktop", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(needs) > 100
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as circle:
        raise AssertionError(" needs ".join(reversed(circle.args[1]))) from None
