"""A program on the generated Python client: starts a run, steers it and reads its weights. steer.py SERVER"""

import json
import sys
from io import BytesIO

from descent_client import AuthenticatedClient, Client
from descent_client.api.runs import create_run, delete_run, get_run, get_weights, send_command, set_weights
from descent_client.models import (
    DenseLayerInput,
    NewRun,
    Play,
    Problem,
    Set,
    SGDOptimizerInput,
    SpecInput,
    Step,
)
from descent_client.types import File


def main(server):
    layers = [DenseLayerInput(id="h1", units=3, activation="tanh"), DenseLayerInput(id="out", units="auto")]
    spec = SpecInput(layers=layers, optimizer=SGDOptimizerInput(name="SGD", learning_rate=0.1))
    with Client(base_url=server) as anyone:
        run = create_run.sync(client=anyone, body=NewRun(spec=spec))
        with AuthenticatedClient(base_url=server, token=run.token) as steerer:
            send_command.sync(run.id, client=steerer, body=Step(op="step", count=5))
            faster = Set(op="set", path="optimizer.learning_rate", value=0.3)
            answer = send_command.sync(run.id, client=steerer, body=faster)
            weights = get_weights.sync(run.id, client=anyone).payload.read()
            taken = set_weights.sync(run.id, client=steerer, body=File(payload=BytesIO(weights)))
            state = get_run.sync(run.id, client=anyone)
            refused = send_command.sync(run.id, client=anyone, body=Play(op="play"))
            assert isinstance(refused, Problem), refused
            gone = delete_run.sync_detailed(run.id, client=steerer)
    told = {
        "step": answer.step, "rate": state.spec.optimizer.learning_rate, "taken": taken.step, "refused": refused.status,
        "weights": len(weights), "parameters": run.report.totals.parameters, "gone": gone.status_code,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
