#!/usr/bin/env python3
"""Every format of a reference model opens as the same model.

    check-formats.py IDENTIFY MODEL

Writes MODEL (a folder of reference/) in all formats into a temporary folder,
one at a time, and asks IDENTIFY for the identity of each, by its folder and by
its file. The f32, f16 and bf16 copies hold exactly the same numbers, so all
identities are equal; the configuration must be the recipe's.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "reference"
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, str(HERE))
import make_formats  # noqa: E402


def wanted(config, name):
    """The lines that IDENTIFY prints for this recipe; `name` is the format."""
    act = "quick_gelu" if config["quick_gelu"] else "gelu"
    layers = config["vision_layers"]
    return {
        "image_px": str(config["image_size"]),
        "embed_dim": str(config["embed_dim"]),
        "layers": ",".join(map(str, layers if isinstance(layers, list) else [layers])),
        "vision_heads": str(config["vision_heads"]),
        "text_heads": str(config["text_heads"]),
        "text_layers": str(config["text_layers"]),
        "activation": act,
        "eos_id": "49407" if name.startswith("hf-") and name != "hf-bin" else "-1",
    }


def main():
    identify, name = sys.argv[1:]
    folder = HERE / name
    recipe = json.loads((folder / "recipe.json").read_text())
    sums = json.loads((folder / "formats.json").read_text())
    weights = make_formats.make_model(recipe)
    formats = make_formats.formats_of(recipe, str(folder))
    identities, bad = {}, 0
    print(f"1..{len(formats)}")
    for number, fmt in enumerate(formats, 1):
        with tempfile.TemporaryDirectory() as place:
            paths = [place]
            for file, blob in make_formats.write_format(fmt, recipe, weights, str(folder)):
                path = pathlib.Path(place) / file
                path.write_bytes(blob)
                if not file.endswith(".json"):
                    paths.append(str(path))
            answers = [dict(line.split("=", 1) for line in subprocess.run(
                [identify, path], check=True, capture_output=True, text=True).stdout.splitlines())
                for path in paths]
        faults = [f"{key} is {answer.get(key)}, not {value}" for answer in answers
                  for key, value in wanted(recipe["config"], fmt).items() if answer.get(key) != value]
        for answer in answers:
            identities.setdefault(answer["identity"], []).append(fmt)
        if len(identities) > 1:
            faults.append(f"another identity: {identities}")
        if fmt not in sums:
            faults.append("formats.json does not know it")
        bad += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {number} {fmt} {answers[0]['format']}")
        for fault in faults:
            print("#", fault)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
