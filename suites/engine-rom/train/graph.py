"""The facts of a .tflite file that the oracle and the card need (subgraph 0), read from the flatbuffer itself."""

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

DTYPES = {schema.TensorType.INT8: "int8", schema.TensorType.INT16: "int16", schema.TensorType.INT32: "int32",
          schema.TensorType.FLOAT32: "float32"}
OPERATORS = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}


def ints(values):
    return [] if values is None else [int(v) for v in values]


def lone(values):
    """None, a number, or a list of several."""
    return None if not values else values[0] if len(values) == 1 else values


class Graph:
    def __init__(self, data):
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))
        part = model.subgraphs[0]
        self.inputs, self.outputs = ints(part.inputs), ints(part.outputs)
        codes = [max(c.builtinCode, c.deprecatedBuiltinCode) for c in model.operatorCodes]
        self.operators = [(OPERATORS[codes[o.opcodeIndex]], ints(o.inputs), ints(o.outputs)) for o in part.operators]
        self.tensors = [self._tensor(t) for t in part.tensors]

    @staticmethod
    def _tensor(t):
        q = t.quantization
        scales = [] if q is None or q.scale is None else [float(np.float32(s)) for s in q.scale]
        zeros = [] if q is None or q.zeroPoint is None else ints(q.zeroPoint)
        return dict(name=t.name.decode(), shape=ints(t.shape), dtype=DTYPES[t.type], scale=lone(scales), zeroPoint=lone(zeros),
                    variable=bool(t.isVariable))

    def size(self, index):
        t = self.tensors[index]
        return int(np.prod(t["shape"], dtype=np.int64)) * np.dtype(t["dtype"]).itemsize

    def records(self):
        """Rows of an oracle file: graph inputs, then per operator its outputs and its state; and the bytes of one invocation."""
        order = [(i, None, None, "input") for i in self.inputs]
        for k, (op, ins, outs) in enumerate(self.operators):
            order += [(i, k, op, "output") for i in outs]
            order += [(i, k, op, "state") for i in ins if i >= 0 and self.tensors[i]["variable"]]
        rows, offset = [], 0
        for index, k, op, role in order:
            t = self.tensors[index]
            rows.append(dict(index=index, opIndex=k, op=op, role=role, name=t["name"], shape=t["shape"], dtype=t["dtype"],
                             scale=t["scale"], zeroPoint=t["zeroPoint"], offset=offset, bytes=self.size(index)))
            offset += -(-self.size(index) // 8) * 8
        return rows, offset

    def states(self):
        """The LSTM's state tensors: {hidden: row, cell: row}."""
        found = {r["dtype"]: r for r in self.records()[0] if r["role"] == "state"}
        if set(found) != {"int8", "int16"}:
            raise SystemExit(f"want an int8 hidden and an int16 cell state, got {sorted(found)}")
        return dict(hidden=found["int8"], cell=found["int16"])
