"""What is in force for one travel document, and what a carrier is told about it: yes, no, not enough, not now.

`register` is the port that permissions are put into and read from, `permission` what is put, `held` what is read,
`inquiry` the judgement, `entry` who needs a permission at all, `changes` what is told after an answer has changed.
"""
