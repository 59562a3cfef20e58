"""Travel documents: reading the machine-readable zone, and judging what it says against what was typed.

`reader.read_response` reads a DetectDocumentText response, `views.next_view` says where to look again,
`check.check_travel_document` makes the finding, `document.parse_mrz` and `format_mrz` go by exact lines.
"""
