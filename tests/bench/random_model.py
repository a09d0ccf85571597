"""Writes a CLIP model with random weights in a published shape: speed does not
depend on what the numbers are, as long as they are ordinary ones.

    random_model.py SHAPE FOLDER [--dtype f32|f16]

Needs numpy. FOLDER gets open_clip_model.safetensors and open_clip_config.json.
"""
import argparse
import json
import os
import struct

import numpy as np

# image px, patch px, vision width, layers; text width, layers; embedding
SHAPES = {
    "ViT-B-32": (224, 32, 768, 12, 512, 12, 512),
    "ViT-B-16": (224, 16, 768, 12, 512, 12, 512),
    "ViT-L-14": (224, 14, 1024, 24, 768, 12, 768),
    "ViT-L-14-336": (336, 14, 1024, 24, 768, 12, 768),
    "RN50": (224, None, 64, (3, 4, 6, 3), 512, 12, 1024),
    "RN50x4": (288, None, 80, (4, 6, 10, 6), 640, 12, 640),
}
DTYPES = {"f32": ("F32", np.float32), "f16": ("F16", np.float16)}


def shapes_of_blocks(prefix, width, layers):
    for i in range(layers):
        p = f"{prefix}.resblocks.{i}."
        yield from ((p + "attn.in_proj_weight", (3 * width, width)),
                    (p + "attn.in_proj_bias", (3 * width,)),
                    (p + "attn.out_proj.weight", (width, width)),
                    (p + "attn.out_proj.bias", (width,)),
                    (p + "ln_1.weight", (width,)), (p + "ln_1.bias", (width,)),
                    (p + "mlp.c_fc.weight", (4 * width, width)),
                    (p + "mlp.c_fc.bias", (4 * width,)),
                    (p + "mlp.c_proj.weight", (width, 4 * width)),
                    (p + "mlp.c_proj.bias", (width,)),
                    (p + "ln_2.weight", (width,)), (p + "ln_2.bias", (width,)))


def shapes_of_transformer(px, patch, width, layers, embed):
    yield from (("visual.class_embedding", (width,)),
                ("visual.positional_embedding", ((px // patch) ** 2 + 1, width)),
                ("visual.proj", (width, embed)),
                ("visual.conv1.weight", (width, 3, patch, patch)),
                ("visual.ln_pre.weight", (width,)), ("visual.ln_pre.bias", (width,)),
                ("visual.ln_post.weight", (width,)), ("visual.ln_post.bias", (width,)))
    yield from shapes_of_blocks("visual.transformer", width, layers)


def shapes_of_convolution(conv, norm, out, channels, side):
    yield conv + ".weight", (out, channels, side, side)
    for leaf in ("weight", "bias", "running_mean", "running_var"):
        yield f"{norm}.{leaf}", (out,)


def shapes_of_residual(px, width, layers, embed):
    """A ModifiedResNet: a stem of three convolutions, bottlenecks, attention pooling."""
    for i, (out, channels) in enumerate(((width // 2, 3), (width // 2, width // 2), (width, width // 2)), 1):
        yield from shapes_of_convolution(f"visual.conv{i}", f"visual.bn{i}", out, channels, 3)
    channels = width
    for stage, blocks in enumerate(layers, 1):
        planes = width << (stage - 1)
        for i in range(blocks):
            p = f"visual.layer{stage}.{i}."
            yield from shapes_of_convolution(p + "conv1", p + "bn1", planes, channels, 1)
            yield from shapes_of_convolution(p + "conv2", p + "bn2", planes, planes, 3)
            yield from shapes_of_convolution(p + "conv3", p + "bn3", 4 * planes, planes, 1)
            if i == 0:
                yield from shapes_of_convolution(p + "downsample.0", p + "downsample.1", 4 * planes, channels, 1)
            channels = 4 * planes
    yield "visual.attnpool.positional_embedding", ((px // 32) ** 2 + 1, channels)
    for leaf, out in (("q", channels), ("k", channels), ("v", channels), ("c", embed)):
        yield f"visual.attnpool.{leaf}_proj.weight", (out, channels)
        yield f"visual.attnpool.{leaf}_proj.bias", (out,)


def shapes_of_model(shape):
    px, patch, vw, vlayers, tw, tlayers, embed = SHAPES[shape]
    if patch is None:
        yield from shapes_of_residual(px, vw, vlayers, embed)
    else:
        yield from shapes_of_transformer(px, patch, vw, vlayers, embed)
    yield from shapes_of_blocks("transformer", tw, tlayers)
    yield from (("token_embedding.weight", (49408, tw)),
                ("positional_embedding", (77, tw)), ("text_projection", (tw, embed)),
                ("ln_final.weight", (tw,)), ("ln_final.bias", (tw,)), ("logit_scale", ()))


def values(name, shape, random):
    """Norms near one, matrices that keep the size of what they multiply."""
    if name == "logit_scale":
        return np.float32(4.6052)
    if name.endswith("running_var") or len(shape) == 1 and name.endswith("weight"):
        return random.uniform(0.5, 1.5, shape)
    fan_in = int(np.prod(shape[1:])) if len(shape) > 1 and "embedding" not in name else 25
    if name.endswith("proj") and len(shape) == 2:
        fan_in = shape[0]
    if len(shape) == 1:
        fan_in = 100
    return random.standard_normal(shape, dtype=np.float32) / np.float32(fan_in ** 0.5)


def write(shape, folder, dtype="f32"):
    tag, kind = DTYPES[dtype]
    random = np.random.default_rng(1)
    header, blobs, at = {}, [], 0
    for name, size in shapes_of_model(shape):
        blob = np.asarray(values(name, size, random)).astype(kind).tobytes()
        header[name] = {"dtype": tag, "shape": list(size), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    px, patch, vw, vlayers, tw, tlayers, embed = SHAPES[shape]
    config = {"model_cfg": {
        "embed_dim": embed, "quick_gelu": True,
        "vision_cfg": {"image_size": px, "layers": vlayers, "width": vw, "patch_size": patch},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": tw,
                     "heads": tw // 64, "layers": tlayers}},
        "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073],
                           "std": [0.26862954, 0.26130258, 0.27577711]}}
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "open_clip_model.safetensors")
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        for blob in blobs:
            file.write(blob)
    with open(os.path.join(folder, "open_clip_config.json"), "w") as file:
        json.dump(config, file, indent=1)
    os.replace(path + ".part", path)
    return path


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("shape", choices=sorted(SHAPES))
    ap.add_argument("folder")
    ap.add_argument("--dtype", choices=sorted(DTYPES), default="f32")
    a = ap.parse_args()
    print(write(a.shape, a.folder, a.dtype))


if __name__ == "__main__":
    main()
