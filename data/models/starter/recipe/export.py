"""Writes a training checkpoint as an ordinary CLIP in open_clip's layout (f16 safetensors).

    python export.py FILE.pt OUTDIR                    model, configuration, known_words.txt
    python export.py --refined FILE.pt START OUTDIR    the same from refine.py: text side and words of START, and SYNONYMS
    python export.py --golden MODELDIR OUTDIR          sample pictures, where missing, and expected features

The short table of training is spread over all 49408 rows: pieces of words the
captions never contain get the row trained as 'unknown'; plurals of known words
get the row of the singular.
"""
import json
import os
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

import captions
import losses
import render
from model import CONTEXT, END, START, TRAINED_CONTEXT, VOCABULARY, Words, build, encode_rows, open_clip_config

WEIGHTS = "open_clip_model.safetensors"
GOLDEN_PROMPTS = ["a photo of a good bearing ring", "a photo of a rusty bearing ring", "a photo of a cracked bearing ring",
                  "a photo of a scratched bearing ring", "a close-up of a dented steel plate under factory lighting",
                  "a red plastic washer on a white background", "Ein Foto: 42 äpfel, (naïve) & more!",
                  "a photo of a gear with a missing part on a conveyor belt, in dim light, seen by a camera of the factory hall number seven"]
# Words that no caption contained, by the known word whose row they get, where both are one piece of the vocabulary.
SYNONYMS = {
    "crack": "fissure fissures rift", "cracked": "fissured shattered snapped", "scratch": "scuff gouge graze", "scratched": "scuffed grazed gouged scratchy",
    "rusty": "rusting corroding", "corrosion": "corrosive", "dented": "dinged bashed", "dent": "dents dimple",
    "good": "sound pristine immaculate spotless unblemished satisfactory decent great excellent correct proper okay",
    "dirty": "filthy grimy soiled muddy", "stained": "smeared smudged blotchy greasy", "deformed": "crooked twisted buckled skewed",
    "broken": "smashed busted", "discoloured": "tarnished bleached", "incomplete": "lacking", "damaged": "harmed impaired ruined",
    "defective": "malfunctioning unusable inferior", "defect": "fault blemish imperfection", "photo": "foto shot pic", "part": "piece",
    "shiny": "glossy gleaming", "metal": "metallic", "hole": "holes", "dark": "gloomy", "dim": "dusky",
}
GOLDEN_PICTURES = [("good", 910001), ("rusty", 910002), ("cracked", 910003), ("scratched", 910004)]


def load_training(path):
    state = torch.load(path, map_location="cpu", weights_only=False)
    words = Words()
    assert np.array_equal(words.known, state["words"]), "captions.py is not the one of the training run"
    model = build(state["config"], len(words))
    losses.resize_positions(state["model"], model)
    model.load_state_dict(state["model"])
    return model.eval(), words, state


def write(path, out):
    os.makedirs(out, exist_ok=True)
    model, words, state = load_training(path)
    tensors = {k: v.clone().contiguous() for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    short = tensors["token_embedding.weight"]
    full = short[0].repeat(VOCABULARY, 1)
    full[torch.from_numpy(words.known[1:])] = short[1:]
    aliases = 0
    for word in captions.all_words():
        one = words.pieces(word)
        many = words.bpe.encode(word + "s")
        if len(one) == 1 and len(many) == 1 and many[0] not in words.row:
            full[many[0]] = short[words.row[one[0]]]
            aliases += 1
    tensors["token_embedding.weight"] = full
    position = tensors["positional_embedding"]
    position[TRAINED_CONTEXT:] = position[TRAINED_CONTEXT - 6:TRAINED_CONTEXT].mean(0)
    for name in list(tensors):
        tensors[name] = tensors[name].half().contiguous()
        assert torch.isfinite(tensors[name]).all(), name
    save_file(tensors, os.path.join(out, WEIGHTS), metadata={"format": "pt"})
    os.chmod(os.path.join(out, WEIGHTS), 0o644)
    with open(os.path.join(out, "open_clip_config.json"), "w") as file:
        json.dump(open_clip_config(state["config"]), file, indent=1)
    with open(os.path.join(out, "known_words.txt"), "w") as file:
        file.write("\n".join(captions.all_words()) + "\n")
    print(f"{os.path.getsize(os.path.join(out, WEIGHTS)) / 1e6:.2f} MB, {aliases} plurals, seen {state['seen']}, "
          f"steps {state['step']}, minutes {state['spent']:.1f}")
    check(path, out)


def check(path, out):
    """The exported model must agree with the training model."""
    import open_clip
    model, words, _ = load_training(path)
    theirs, _, preprocess = open_clip.create_model_and_transforms("local-dir:" + os.path.abspath(out))
    theirs.eval()
    tokenizer = open_clip.get_tokenizer("local-dir:" + os.path.abspath(out))
    pictures = torch.stack([preprocess(Image.fromarray(render.render(s, 448, "ring", d)[0])) for d, s in GOLDEN_PICTURES])
    texts = GOLDEN_PROMPTS[:6]
    with torch.no_grad():
        a = torch.nn.functional.normalize(model.visual(pictures), dim=-1)
        b = theirs.encode_image(pictures, normalize=True)
        rows = torch.tensor([words.rows(t) for t in texts])
        c = torch.nn.functional.normalize(encode_rows(model, rows), dim=-1)
        d = theirs.encode_text(tokenizer(texts), normalize=True)
    print("least cosine to the training model: image %.6f text %.6f" % ((a * b).sum(-1).min(), (c * d).sum(-1).min()))


def add_synonyms(table, words):
    """Gives the pieces of SYNONYMS the rows of their words; returns the words that got one."""
    added = []
    for known, others in SYNONYMS.items():
        one = words.pieces(known)
        for other in others.split():
            piece = words.bpe.encode(other)
            if len(one) == len(piece) == 1 and one[0] in words.row and piece[0] not in words.row:
                table[piece[0]] = table[one[0]]
                added.append(other)
    return added


def refined(path, start, out):
    """Only the picture side and the logit scale were trained further; a few words are added."""
    os.makedirs(out, exist_ok=True)
    tensors = load_file(os.path.join(start, WEIGHTS))
    state = torch.load(path, map_location="cpu", weights_only=False)
    losses.resize_positions(state["model"], build(state["config"], 1))
    for name, tensor in state["model"].items():
        if name == "logit_scale" or name.startswith("visual.") and not name.endswith("num_batches_tracked"):
            tensors[name] = tensor.half().contiguous()
            assert torch.isfinite(tensors[name]).all(), name
    losses.widen(tensors, build(state["config"], 1))
    added = add_synonyms(tensors["token_embedding.weight"], Words())
    save_file(tensors, os.path.join(out, WEIGHTS), metadata={"format": "pt"})
    os.chmod(os.path.join(out, WEIGHTS), 0o644)
    with open(os.path.join(out, "known_words.txt"), "w") as file:
        file.write("\n".join(sorted(captions.all_words() + added)) + "\n")
    with open(os.path.join(out, "open_clip_config.json"), "w") as file:
        json.dump(open_clip_config(state["config"]), file, indent=1)
    print(f"{os.path.getsize(os.path.join(out, WEIGHTS)) / 1e6:.2f} MB, seen {state['seen']}, steps {state['step']}, minutes {state['spent']:.1f}")
    check(path, out)


def draw_samples(folder):
    os.makedirs(folder, exist_ok=True)
    for name, seed in GOLDEN_PICTURES:
        Image.fromarray(render.render(seed, 448, "ring", name)[0]).save(os.path.join(folder, f"{name}.jpg"), quality=88)
    wide = render.render(910005, 448, "gear", "good")[0]
    Image.fromarray(wide).crop((0, 64, 448, 364)).save(os.path.join(folder, "gear_wide.jpg"), quality=88)
    Image.fromarray(render.render(910006, 448, "pcb", "missing")[0]).crop((100, 0, 340, 448)).save(os.path.join(folder, "board_tall.jpg"), quality=88)


def golden(start, out):
    import open_clip
    folder = os.path.join(out, "sample")
    if not os.path.isdir(folder):
        draw_samples(folder)
    model, _, preprocess = open_clip.create_model_and_transforms("local-dir:" + os.path.abspath(start))
    model.eval().float()
    tokenizer = open_clip.get_tokenizer("local-dir:" + os.path.abspath(start))
    result = {"arithmetic": "f32 from the f16 weights", "preprocess": "shortest side to the model's size (bicubic, antialiased), centre crop, "
              "mean and deviation of open_clip_config.json", "logit_scale": float(model.logit_scale.detach().exp()), "prompts": [], "pictures": []}
    with torch.no_grad():
        tokens = tokenizer(GOLDEN_PROMPTS)
        features = model.encode_text(tokens, normalize=True)
        for text, row, feature in zip(GOLDEN_PROMPTS, tokens, features):
            ids = row[:int(row.argmax()) + 1].tolist()
            result["prompts"].append({"text": text, "tokens": ids, "feature": [float(f"{x:.7g}") for x in feature]})
        for name in sorted(os.listdir(folder)):
            picture = Image.open(os.path.join(folder, name)).convert("RGB")
            x = preprocess(picture)[None]
            feature = model.encode_image(x, normalize=True)[0]
            result["pictures"].append({"file": "sample/" + name, "width": picture.width, "height": picture.height,
                                       "input_mean_rgb": [float(f"{v:.6g}") for v in x[0].mean((1, 2))],
                                       "feature": [float(f"{v:.7g}") for v in feature]})
    with open(os.path.join(out, "golden.json"), "w") as file:
        json.dump(result, file, ensure_ascii=False)
    print("golden.json", os.path.getsize(os.path.join(out, "golden.json")), "bytes")


if __name__ == "__main__":
    if sys.argv[1] == "--golden":
        golden(*sys.argv[2:4])
    elif sys.argv[1] == "--refined":
        refined(*sys.argv[2:5])
    else:
        write(sys.argv[1], sys.argv[2])
