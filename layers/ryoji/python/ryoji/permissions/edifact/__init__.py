"""UN/EDIFACT as airlines speak it: passenger lists in (PAXLST), answers, changes and acknowledgements out (CUSRES).

`segments` cuts and writes, `interchange` checks envelopes and counts, `paxlst` reads, `cusres` answers, `moments` has
their days and times.
"""
