from __future__ import annotations

from imagekitio.imgsrc.parameters import PARAMETERS
from imagekitio.local import coverage
from imagekitio.local.imgsrc.coverage import OPERATION_DIFFERENCES, PARAMETER_DIFFERENCES
from imagekitio.local.imgsrc.operations import OPERATIONS


def test_differences_are_about_known_operations_and_parameters() -> None:
    assert set(OPERATION_DIFFERENCES) <= {operation.name for operation in OPERATIONS}
    assert set(PARAMETER_DIFFERENCES) <= {parameter.name for parameter in PARAMETERS}


def test_the_document_has_a_row_for_every_operation_and_parameter() -> None:
    text = coverage.make_document()
    for operation in OPERATIONS:
        assert f"| `{operation.name}` | {operation.method} `{operation.path}` |" in text
    for parameter in PARAMETERS:
        assert f"| `{parameter.name}` | `{parameter.long_name}` |" in text
