"""Builds the ONNX graph of a CLIP tower from a safetensors file with OpenAI's
names, for the peers that bench-peers.py times. Needs numpy and onnx.

    onnx_clip.py MODEL.safetensors image|text OUT.onnx [--fused]

The graph is the one an exporter of the reference code makes (every token goes
through every layer, prompts are padded to the context), helped where that
costs nothing: one matrix product for query, key and value with the scale
folded in, products on two dimensions with the bias inside. --fused takes ONNX
Runtime's own operators for attention, the activation and the norms instead of
leaving it to find them.
"""
import argparse
import json
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NUMPY = {"F32": np.float32, "F16": np.float16, "F64": np.float64, "I64": np.int64}
MICROSOFT = "com.microsoft"


def read_safetensors(path):
    """name -> float32 array."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    header.pop("__metadata__", None)
    out = {}
    for name, t in header.items():
        begin, end = t["data_offsets"]
        array = np.frombuffer(data, NUMPY[t["dtype"]], offset=begin,
                              count=(end - begin) // NUMPY[t["dtype"]]().itemsize)
        out[name] = array.reshape(t["shape"]).astype(np.float32)
    return out


class Graph:
    def __init__(self, weights, fused):
        self.weights, self.fused = weights, fused
        self.nodes, self.constants, self.count = [], {}, 0

    def const(self, array, name=None):
        name = name or f"c{len(self.constants)}"
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.array(array, order="C"), name)
        return name

    def ints(self, *values):
        return self.const(np.array(values, np.int64), "i" + "_".join(map(str, values)))

    def op(self, kind, inputs, outputs=1, domain="", **attributes):
        names = [f"t{self.count + i}" for i in range(outputs)]
        self.count += outputs
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def norm(self, x, name):
        return self.op("LayerNormalization",
                       [x] + [self.const(self.weights[f"{name}.{leaf}"], f"{name}.{leaf}") for leaf in ("weight", "bias")],
                       axis=-1, epsilon=1e-5)

    def linear(self, x, weight, bias):
        """x [rows][in], weight [out][in]; stored [in][out], as it is wanted packed."""
        return self.op("Gemm", [x, self.const(weight.T), self.const(bias)])

    def activate(self, x):
        if self.fused:
            return self.op("QuickGelu", [x], domain=MICROSOFT, alpha=1.702)
        scaled = self.op("Mul", [x, self.const(np.float32(1.702), "alpha")])
        return self.op("Mul", [x, self.op("Sigmoid", [scaled])])

    def attend(self, qkv, tokens, heads, width, mask):
        """qkv [rows][3 * width] -> [rows][width]."""
        if self.fused:
            parts = [self.op("Reshape", [x, self.ints(-1, tokens, width)])
                     for x in self.op("Split", [qkv], 3, axis=1, num_outputs=3)]
            out = self.op("MultiHeadAttention", parts, domain=MICROSOFT, num_heads=heads,
                          scale=1.0, unidirectional=int(mask is not None))
            return self.op("Reshape", [out, self.ints(-1, width)])
        parts = self.op("Reshape", [qkv, self.ints(-1, tokens, 3, heads, width // heads)])
        parts = self.op("Transpose", [parts], perm=[2, 0, 3, 1, 4])
        q, k, v = [self.op("Squeeze", [x, self.ints(0)])
                   for x in self.op("Split", [parts], 3, axis=0, num_outputs=3)]
        score = self.op("MatMul", [q, self.op("Transpose", [k], perm=[0, 1, 3, 2])])
        if mask is not None:
            score = self.op("Add", [score, self.const(mask, "mask")])
        out = self.op("MatMul", [self.op("Softmax", [score], axis=-1), v])
        return self.op("Reshape", [self.op("Transpose", [out], perm=[0, 2, 1, 3]), self.ints(-1, width)])

    def block(self, x, prefix, tokens, width, heads, mask):
        w = self.weights
        scale = np.ones((3 * width,), np.float32)
        scale[:width] = (width // heads) ** -0.5
        qkv = self.linear(self.norm(x, prefix + "ln_1"), w[prefix + "attn.in_proj_weight"] * scale[:, None],
                          w[prefix + "attn.in_proj_bias"] * scale)
        out = self.linear(self.attend(qkv, tokens, heads, width, mask), w[prefix + "attn.out_proj.weight"],
                          w[prefix + "attn.out_proj.bias"])
        x = self.op("Add", [x, out])
        hidden = self.activate(self.linear(self.norm(x, prefix + "ln_2"), w[prefix + "mlp.c_fc.weight"],
                                           w[prefix + "mlp.c_fc.bias"]))
        return self.op("Add", [x, self.linear(hidden, w[prefix + "mlp.c_proj.weight"], w[prefix + "mlp.c_proj.bias"])])

    def blocks(self, x, prefix, tokens, width, mask=None):
        layers = sum(n.startswith(prefix) and n.endswith("ln_1.weight") for n in self.weights)
        for i in range(layers):
            x = self.block(x, f"{prefix}{i}.", tokens, width, width // 64, mask)
        return x

    def convolve(self, x, conv, norm, stride=1):
        """With the norm folded in; padded so that only the stride makes it smaller."""
        w = self.weights[conv + ".weight"]
        gain = self.weights[norm + ".weight"] / np.sqrt(self.weights[norm + ".running_var"] + 1e-5)
        bias = self.weights[norm + ".bias"] - self.weights[norm + ".running_mean"] * gain
        side = w.shape[2]
        return self.op("Conv", [x, self.const(w * gain[:, None, None, None]), self.const(bias)],
                       kernel_shape=[side, side], strides=[stride, stride], pads=[side // 2] * 4)

    def average(self, x):
        return self.op("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])

    def pool(self, x):
        """Attention of the mean over all places: [n][channels][h][w] to [n][embedding]."""
        w, p = self.weights, "visual.attnpool."
        tokens, width = w[p + "positional_embedding"].shape
        x = self.op("Transpose", [self.op("Reshape", [x, self.ints(0, width, -1)])], perm=[0, 2, 1])
        mean = self.op("ReduceMean", [x, self.ints(1)], keepdims=1)
        x = self.op("Add", [self.op("Concat", [mean, x], axis=1), self.const(w[p + "positional_embedding"])])
        first = self.op("Gather", [x, self.const(np.int64(0), "first")], axis=1)
        x = self.op("Reshape", [x, self.ints(-1, width)])
        q = self.linear(first, w[p + "q_proj.weight"] / 8, w[p + "q_proj.bias"] / 8)
        k, v = (self.linear(x, w[f"{p}{leaf}_proj.weight"], w[f"{p}{leaf}_proj.bias"]) for leaf in "kv")
        q = self.op("Reshape", [q, self.ints(-1, width // 64, 1, 64)])
        k = self.op("Transpose", [self.op("Reshape", [k, self.ints(-1, tokens, width // 64, 64)])], perm=[0, 2, 3, 1])
        v = self.op("Transpose", [self.op("Reshape", [v, self.ints(-1, tokens, width // 64, 64)])], perm=[0, 2, 1, 3])
        out = self.op("MatMul", [self.op("Softmax", [self.op("MatMul", [q, k])], axis=-1), v])
        out = self.op("Reshape", [out, self.ints(-1, width)])
        return self.linear(out, w[p + "c_proj.weight"], w[p + "c_proj.bias"])

    def finish(self, x, inputs):
        """Unit rows, and the model."""
        self.nodes.append(helper.make_node("LpNormalization", [x], ["rows"], axis=-1, p=2))
        graph = helper.make_graph(
            self.nodes, "clip", inputs,
            [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", None])], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)],
                                  ir_version=9)
        onnx.checker.check_model(model)
        return model


def image_tower(weights, fused):
    g = Graph(weights, fused)
    conv = weights["visual.conv1.weight"]
    width, _, patch, _ = conv.shape
    tokens = len(weights["visual.positional_embedding"])
    px = patch * int(round((tokens - 1) ** 0.5))
    x = g.op("Conv", ["pixels", g.const(conv)], kernel_shape=[patch, patch], strides=[patch, patch])
    x = g.op("Transpose", [g.op("Reshape", [x, g.ints(0, width, -1)])], perm=[0, 2, 1])
    count = g.op("Slice", [g.op("Shape", ["pixels"]), g.ints(0), g.ints(1)])
    shape = g.op("Concat", [count, g.ints(1, width)], axis=0)
    token = g.op("Expand", [g.const(weights["visual.class_embedding"].reshape(1, 1, width)), shape])
    x = g.op("Concat", [token, x], axis=1)
    x = g.op("Add", [x, g.const(weights["visual.positional_embedding"])])
    x = g.op("Reshape", [g.norm(x, "visual.ln_pre"), g.ints(-1, width)])
    x = g.blocks(x, "visual.transformer.resblocks.", tokens, width)
    x = g.op("Reshape", [x, g.ints(-1, tokens, width)])
    x = g.op("Gather", [x, g.const(np.int64(0), "first")], axis=1)
    x = g.op("MatMul", [g.norm(x, "visual.ln_post"), g.const(weights["visual.proj"])])
    return g.finish(x, [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, px, px])])


def residual_tower(weights, fused):
    """A ModifiedResNet with its norms folded into the convolutions, as exporters and ONNX Runtime fold them."""
    g = Graph(weights, fused)
    x = "pixels"
    for i in (1, 2, 3):
        x = g.op("Relu", [g.convolve(x, f"visual.conv{i}", f"visual.bn{i}", 2 if i == 1 else 1)])
    x = g.average(x)
    blocks = sorted({n.rsplit(".", 2)[0] for n in weights if n.startswith("visual.layer") and ".conv1." in n},
                    key=lambda p: [int(v) for v in p[len("visual.layer"):].split(".")])
    for p in blocks:
        half = p.endswith(".0") and not p.startswith("visual.layer1")
        out = g.op("Relu", [g.convolve(x, p + ".conv1", p + ".bn1")])
        out = g.op("Relu", [g.convolve(out, p + ".conv2", p + ".bn2")])
        out = g.convolve(g.average(out) if half else out, p + ".conv3", p + ".bn3")
        if p + ".downsample.0.weight" in weights:
            x = g.convolve(g.average(x) if half else x, p + ".downsample.0", p + ".downsample.1")
        x = g.op("Relu", [g.op("Add", [x, out])])
    x = g.pool(x)
    px = 32 * int(round((len(weights["visual.attnpool.positional_embedding"]) - 1) ** 0.5))
    return g.finish(x, [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, px, px])])


def text_tower(weights, fused):
    g = Graph(weights, fused)
    context, width = weights["positional_embedding"].shape
    mask = np.triu(np.full((context, context), -np.inf, np.float32), 1)
    x = g.op("Gather", [g.const(weights["token_embedding.weight"]), "ids"], axis=0)
    x = g.op("Add", [x, g.const(weights["positional_embedding"])])
    x = g.op("Reshape", [x, g.ints(-1, width)])
    x = g.blocks(x, "transformer.resblocks.", context, width, mask)
    x = g.op("Reshape", [g.norm(x, "ln_final"), g.ints(-1, context, width)])
    last = g.op("Unsqueeze", [g.op("ArgMax", ["ids"], axis=1), g.ints(2)])
    rows = g.op("Squeeze", [g.op("GatherND", [x, last], batch_dims=1), g.ints(1)])
    x = g.op("MatMul", [rows, g.const(weights["text_projection"])])
    return g.finish(x, [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", context])])


def write(model_path, tower, out_path, fused=False):
    weights = read_safetensors(model_path)
    if tower == "text":
        build = text_tower
    else:
        build = image_tower if "visual.class_embedding" in weights else residual_tower
    onnx.save(build(weights, fused), out_path)
    return out_path


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("model")
    ap.add_argument("tower", choices=("image", "text"))
    ap.add_argument("out")
    ap.add_argument("--fused", action="store_true")
    a = ap.parse_args()
    print(write(a.model, a.tower, a.out, a.fused))


if __name__ == "__main__":
    main()
