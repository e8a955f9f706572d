"""The verifier of plans: every pair of registered layers and a rich sample of triples, against independent sums.

A plan is a list of calls over shared memory, and its faults are of one kind: someone writes over what someone else
still needs, or leaves something behind for the next run. Loss and gradient are then wrong *together*, so comparing one
with the other finds nothing. Here each net is compared with things that share no memory with its plan:

`samples`    small constructor arguments of every layer of the registry (a new layer is in it by being registered)
`nets`       chains of them that can be built, and a way to write a failing one down
`reference`  the same net, one layer at a time, in float64: outputs, losses, and J along a direction in weight space
`memory`     NaN in every number that a plan writes
`checks`     what must hold, for one net
"""
