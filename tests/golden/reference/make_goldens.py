#!/usr/bin/env python3
"""Expected rows of the models here, with PyTorch in float32 on the CPU.

    make_goldens.py [MODEL...] [--openai-clip FOLDER]

Needs torch, torchvision, open_clip_torch, transformers and pillow; nothing of
Handful does. A model is a folder with a recipe.json; it gets golden.json and
formats.json (SHA-256 of every file that make_formats.py writes). The numbers
come from open_clip's model classes; a float64 run, for vision transformers
Hugging Face transformers, and with --openai-clip (a checkout of
github.com/openai/CLIP) for models of OpenAI's rules the published code compute
them too. The largest differences are kept in golden.json.
"""
import argparse
import hashlib
import json
import os
import sys
import tempfile
import warnings

import numpy as np
import torch
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
import make_formats as mf  # noqa: E402

warnings.filterwarnings("ignore")
import open_clip  # noqa: E402
import torchvision.transforms as T  # noqa: E402

OF_OPEN_CLIP = {"layer_scale", "no_ln_pre", "pool_type"}  # what transformers' CLIP does not have
CONSTANTS = (0.25, 0.5, 0.75)  # each fills a normalised picture
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def crop(path, px):
    """uint8 [px,px,3] as OpenAI's transform has it before normalising."""
    picture = Image.open(path)
    resize = T.Resize(px, interpolation=T.InterpolationMode.BICUBIC)
    return np.asarray(T.CenterCrop(px)(resize(picture)).convert("RGB"))


def tensor_of(u8, dtype=torch.float32):
    x = torch.from_numpy(u8.copy()).permute(0, 3, 1, 2).to(dtype) / 255
    mean, std = (torch.tensor(v, dtype=dtype).view(1, 3, 1, 1) for v in (MEAN, STD))
    return (x - mean) / std


def constant_pixels(px):
    return torch.stack([torch.full((3, px, px), v) for v in CONSTANTS])


def state_of(weights):
    state = {}
    for name, t in weights.items():
        if isinstance(t, mf.Ints):
            state[name] = torch.tensor(t.ints, dtype=torch.int64).reshape(t.shape)
        else:
            state[name] = torch.frombuffer(bytearray(t.encode("F32")), dtype=torch.float32).reshape(t.shape).clone()
    return state


def check_exact(weights):
    """The f16 and bf16 copies must hold the same numbers as the f32 one."""
    for name, t in weights.items():
        if not isinstance(t, mf.Ints):
            values = np.array(t.values)
            assert (values == values.astype(np.float16).astype(np.float64)).all(), name
            assert (values == torch.tensor(values).to(torch.bfloat16).double().numpy()).all(), name


def build(recipe, state):
    model = open_clip.model.CLIP(**mf.open_clip_config(recipe["config"])["model_cfg"]).eval().float()
    model.load_state_dict(state, strict=True)
    return model


@torch.no_grad()
def features(model, pixels, ids):
    """Rows of pictures and texts, not yet of unit length."""
    images = [model.encode_image(pixels[k:k + 4]) for k in range(0, len(pixels), 4)]
    texts = [model.encode_text(ids[k:k + 4]) for k in range(0, len(ids), 4)]
    return torch.cat(images), torch.cat(texts)


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def by_openai(weights, config, pixels, ids, folder):
    sys.path.insert(0, folder)
    from clip.model import build_model
    sys.path.pop(0)
    extras = mf.openai_extras(config)
    state = state_of(weights)
    model = build_model({**state, **{n: torch.tensor(t.ints[0]) for n, t in extras.items()}}).float().eval()
    model.load_state_dict(state)
    return features(model, pixels, ids)


@torch.no_grad()
def by_transformers(recipe, folder, weights, pixels, ids):
    import transformers
    with tempfile.TemporaryDirectory() as place:
        for name, blob in mf.write_format("hf-f32-safetensors", recipe, weights, folder):
            with open(os.path.join(place, name), "wb") as f:
                f.write(blob)
        model = transformers.CLIPModel.from_pretrained(place, dtype=torch.float32).eval()
    out = model(input_ids=ids, pixel_values=pixels, attention_mask=torch.ones_like(ids))
    return out.image_embeds, out.text_embeds


def second_opinions(recipe, folder, weights, state, u8, ids, rows, openai_folder):
    """Who else was asked -> largest difference of any number of any unit row."""
    config, pixels = recipe["config"], tensor_of(u8)
    others = {"float64": features(build(recipe, state).double(), tensor_of(u8, torch.float64), ids)}
    if openai_folder and recipe["openai_rules"]:
        others["openai_clip_code"] = by_openai(weights, config, pixels, ids, openai_folder)
    if config["vision"] == "vit" and not OF_OPEN_CLIP & set(config):
        others["transformers"] = by_transformers(recipe, folder, weights, pixels, ids)
    return {who: float("%.2g" % max(float((unit(a) - b).abs().max()) for a, b in zip(got, rows)))
            for who, got in others.items()}


def rounded(rows):
    return [[float("%.8g" % v) for v in row] for row in rows.tolist()]


def watch_peak(model):
    """The largest activation of what the model computes from now on."""
    peak = [0.0]

    def look(_, __, out):
        if isinstance(out, torch.Tensor):
            peak[0] = max(peak[0], float(out.abs().max()))
    return peak, [m.register_forward_hook(look) for m in model.modules()]


def golden_of(recipe, folder, batch, openai_folder):
    config, prompts, images = recipe["config"], batch["prompts"], batch["images"]
    tokenizer = open_clip.SimpleTokenizer()
    weights = mf.make_model(recipe)
    check_exact(weights)
    state = state_of(weights)
    model = build(recipe, state)
    u8 = np.stack([crop(os.path.join(HERE, p), config["image_size"]) for p in images])
    ids = tokenizer(prompts, config["context_length"])
    peak, hooks = watch_peak(model)
    raw_images, raw_texts = features(model, tensor_of(u8), ids)
    for hook in hooks:
        hook.remove()
    constants, _ = features(model, constant_pixels(config["image_size"]), ids[:1])
    rows = unit(raw_images), unit(raw_texts)
    scale = float(np.exp(np.float32(config["logit_scale"])))
    return {
        "about": recipe["about"], "config": config,
        "made_with": {"torch": torch.__version__.split("+")[0], "open_clip": open_clip.__version__},
        "prompts": prompts,
        "token_ids": [[49406] + tokenizer.encode(p) + [49407] for p in prompts],
        "images": images,
        "pixels_sha256": [hashlib.sha256(x.tobytes()).hexdigest() for x in u8],
        "text_features": rounded(rows[1]), "image_features": rounded(rows[0]),
        "text_norms": [float("%.7g" % v) for v in raw_texts.norm(dim=-1)],
        "image_norms": [float("%.7g" % v) for v in raw_images.norm(dim=-1)],
        "constants": CONSTANTS, "constant_features": rounded(unit(constants)),
        "constant_norms": [float("%.7g" % v) for v in constants.norm(dim=-1)],
        "logit_scale_exp": scale,
        "logits_per_image": [[float("%.7g" % v) for v in r] for r in (scale * rows[0] @ rows[1].T).tolist()],
        "largest_activation": float("%.4g" % peak[0]),
        "largest_difference_to": second_opinions(recipe, folder, weights, state, u8, ids, rows, openai_folder),
    }


def sums_of(recipe, folder):
    weights = mf.make_model(recipe)
    return {fmt: {name: hashlib.sha256(blob).hexdigest() for name, blob in mf.write_format(fmt, recipe, weights, folder)}
            for fmt in mf.formats_of(recipe, folder)}


def write_json(path, value, indent):
    with open(path, "w") as f:
        json.dump(value, f, indent=indent, ensure_ascii=False)
        f.write("\n")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("models", nargs="*")
    ap.add_argument("--openai-clip")
    a = ap.parse_args()
    with open(os.path.join(HERE, "batch.json")) as f:
        batch = json.load(f)
    for name, (recipe, folder) in mf.load_recipes(HERE).items():
        if a.models and name not in a.models:
            continue
        golden = golden_of(recipe, folder, batch, a.openai_clip)
        write_json(os.path.join(folder, "golden.json"), golden, 0)
        write_json(os.path.join(folder, "formats.json"), sums_of(recipe, folder), 1)
        print(name, golden["largest_difference_to"], flush=True)


if __name__ == "__main__":
    main()
