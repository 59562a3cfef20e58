"""The conformance kit for carriers: `ryoji conformance URL` asks as a carrier does and says which rules hold.

`passports.json` are the sandbox's passports with their fixed answers, `asking` speaks to the service, `rules` are what
is expected of it. A carrier runs the kit to see that its client, its network and its reading of the rules are right.
"""
