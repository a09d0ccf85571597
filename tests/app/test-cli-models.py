"""handful-cli models: list, info, add and remove."""
import fcntl
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time

from tap import CLI, PATIENCE_S, ROOT, STARTER, main

sys.path.insert(0, os.path.join(ROOT, "tests", "golden", "reference"))
import make_formats as mf  # noqa: E402

REFERENCE = os.path.join(ROOT, "tests", "golden", "reference")
WEIGHTS = os.path.join(STARTER, "open_clip_model.safetensors")


def write_reference(home, name, form):
    """One of the small reference models as a folder; its weights file."""
    recipe, folder = mf.load_recipes(REFERENCE)[name]
    where = home.file("%s-%s" % (name, form))
    os.makedirs(where)
    files = mf.write_format(form, recipe, mf.make_model(recipe), folder)
    for file, data in files:
        with open(os.path.join(where, file), "wb") as f:
            f.write(data)
    return os.path.join(where, files[0][0])


def installed(home):
    return [m["name"] for m in json.loads(home.run("models", "list", "--json").expect(0).out) if m["installed"]]


def the_list_has_the_starter_and_openais_nine(home):
    listed = json.loads(home.run("models", "list", "--json").expect(0).out)
    assert listed[0]["name"] == "starter" and listed[0]["built_in"] and len(listed) == 10
    assert sum(m["name"].startswith("ViT") for m in listed) == 4
    assert "ViT-L/14@336px" in home.run("models", "list").expect(0).out


def a_tested_device_tells_what_to_expect(home):
    home.run("devices").expect(0)
    ms = {m["name"]: m["about_ms"] for m in json.loads(home.run("models", "list", "--json").expect(0).out)[1:]}
    assert 0 < ms["ViT-B/32"] < ms["ViT-B/16"] < ms["ViT-L/14"] < ms["ViT-L/14@336px"], ms
    assert home.run("models", "list").expect(0).out.count(", about ") == 9
    # Where no device is known, nothing is said of it.
    r = home.run("models", "list", env={"HANDFUL_DEVICE": "no such device"}).expect(0)
    assert "numbers a picture\n" in r.out and "about" not in r.out


def a_file_is_added_with_its_configuration(home):
    r = home.run("models", "add", WEIGHTS, "--name", "copy").expect(0)
    assert "Added copy" in r.out and "Verified" not in r.out and r.err == ""
    assert sorted(os.listdir(os.path.join(home.store, "copy"))) == [
        "handful.json", "open_clip_config.json", "open_clip_model.safetensors"]
    assert installed(home) == ["starter", "copy"]
    one, other = [json.loads(home.run("models", "info", "--json", "--identity", n).expect(0).out)
                  for n in ("copy", "starter")]
    assert one["identity"] == other["identity"] and one["config"] == other["config"]


def every_container_is_the_same_model(home):
    identities = set()
    for form in ("openai-jit", "openai-state-legacy", "openclip-checkpoint", "openclip-bf16-safetensors",
                 "hf-bin"):
        path = write_reference(home, "vit", form)
        home.run("models", "add", path, "--name", form).expect(0)
        with open(os.path.join(home.store, form, "handful.json"), encoding="utf-8") as f:
            identities.add(json.load(f)["identity"])
    assert len(identities) == 1


def info(home, name):
    return json.loads(home.run("models", "info", "--json", "--identity", name).expect(0).out)


def a_model_in_several_files_is_added_whole(home):
    first = write_reference(home, "vit", "hf-f16-shards")
    folder = os.path.dirname(first)
    single = info(home, write_reference(home, "vit", "hf-f16-safetensors"))
    home.run("models", "add", first, "--name", "parts").expect(0)
    home.run("models", "add", folder).expect(0)
    assert home.stored() == ["parts", "vit-hf-f16-shards"]
    assert sorted(os.listdir(os.path.join(home.store, "parts"))) == sorted(os.listdir(folder) + ["handful.json"])
    os.remove(first)
    r = home.run("models", "add", folder, "--name", "less").expect(1, "of its 3 parts", os.path.basename(first))
    assert r.err.count("\n") == 1 and len(home.stored()) == 2
    shutil.rmtree(folder)
    for name in home.stored():
        got = info(home, name)
        assert (got["identity"], got["config"], got["tensors"]) == (
            single["identity"], single["config"], single["tensors"])
    home.run("embed", "--model", "parts", "--text", "a ring", "-o", home.file("rows.safetensors")).expect(0)


def the_preprocessor_goes_with_its_model(home):
    """What broke: after models add a model with a mean of its own gave other rows."""
    folder = os.path.dirname(write_reference(home, "vit", "hf-f16-safetensors"))
    with open(os.path.join(folder, "preprocessor_config.json"), "w") as f:
        json.dump({"image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.5, 0.75]}, f)
    picture = os.path.join(REFERENCE, "images", sorted(os.listdir(os.path.join(REFERENCE, "images")))[0])
    rows = []
    home.run("models", "add", folder, "--name", "mine").expect(0)
    for model in (folder, "mine"):
        out = home.file("rows.safetensors")
        home.run("embed", "--no-cache", "--model", model, "-o", out, picture).expect(0)
        with open(out, "rb") as f:
            raw = f.read()
        rows.append(raw[8 + struct.unpack("<Q", raw[:8])[0]:])
    assert rows[0] == rows[1] and len(rows[0]) > 0


def without_a_configuration_that_is_said(home):
    path = write_reference(home, "vit", "bare-f16-safetensors")
    out = home.run("models", "add", path, "--name", "bare").expect(0).out
    assert "No configuration lies beside" in out, out
    with open(os.path.join(home.store, "bare", "handful.json"), encoding="utf-8") as f:
        assert "No configuration" in json.load(f)["not_verified"]
    assert info(home, "bare")["guessed"] and not info(home, "starter")["guessed"]
    assert "taken as OpenAI's" in home.run("models", "info", "bare").expect(0).out
    # A file that was not added is met for the first time; one that was, is not.
    texts = ("--text", "a ring", "-o", home.file("rows.safetensors"))
    r = home.run("embed", "--model", path, *texts).expect(0)
    assert r.err.count("No configuration lies beside") == 1 and r.err.count("\n") == 1, r.err
    assert "No configuration" not in home.run("embed", "--model", "bare", *texts).expect(0).err
    script = write_reference(home, "vit", "openai-jit")
    assert "No configuration" not in home.run("embed", "--model", script, *texts).expect(0).err
    assert "No configuration" not in home.run("models", "add", script, "--name", "script").expect(0).out


def names_come_from_the_file_or_its_folder(home):
    jit = write_reference(home, "vit", "openai-jit")
    home.run("models", "add", jit).expect(0)
    folder = os.path.dirname(write_reference(home, "vit", "hf-f16-safetensors"))
    home.run("models", "add", folder).expect(0)
    assert home.stored() == ["openai-jit", "vit-hf-f16-safetensors"]


def a_taken_name_is_refused(home):
    home.run("models", "add", WEIGHTS, "--name", "starter").expect(1, "already")
    home.run("models", "add", WEIGHTS, "--name", "one").expect(0)
    home.run("models", "add", WEIGHTS, "--name", "ONE").expect(1, "already")
    for name in ("", ".x", "a/b", "../x", "x y"):
        home.run("models", "add", WEIGHTS, "--name", name).expect(1, "cannot be the name")
    assert home.stored() == ["one"]


def what_is_no_model_is_not_added(home):
    with open(home.file("text.pt"), "w") as f:
        f.write("no model")
    with open(home.file("cut.safetensors"), "wb") as f:
        with open(WEIGHTS, "rb") as g:
            f.write(g.read()[:1000000])
    os.mkdir(home.file("empty"))
    for name in ("text.pt", "cut.safetensors", "empty", "none"):
        r = home.run("models", "add", home.file(name)).expect(1, name)
        assert r.err.count("\n") == 1
    assert home.stored() == []


def a_killed_import_leaves_nothing_visible(home):
    """Killed in the middle of copying; the rest is swept by the next import."""
    big = home.file("big.safetensors")
    shutil.copy(WEIGHTS, big)
    shutil.copy(os.path.join(STARTER, "open_clip_config.json"), home.path)
    p = subprocess.Popen([CLI, "models", "add", big], env=home.environment(), stderr=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL)
    while not home.stored() and p.poll() is None:
        time.sleep(0.0005)
    p.send_signal(signal.SIGKILL)
    p.wait()
    killed = p.returncode == -signal.SIGKILL
    assert not killed or installed(home) == ["starter"]
    home.run("models", "add", big, "--name", "second").expect(0)
    assert [n for n in home.stored() if n.startswith(".new")] == []
    return None if killed else "it was faster than the signal"


def a_lock_tells_what_is_left_over(home):
    """Not a process number: in containers programs have the same ones, and do not see each other's."""
    left, filled = (os.path.join(home.store, name) for name in (".new-%d-mine" % os.getpid(), ".new-999999999-other"))
    for folder in (left, filled):
        os.makedirs(folder)
    lock = os.open(filled, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    home.run("models", "add", WEIGHTS, "--name", "mine").expect(0)
    assert home.stored() == [os.path.basename(filled), "mine"]
    os.close(lock)
    home.run("models", "add", WEIGHTS, "--name", "again").expect(0)
    assert home.stored() == ["again", "mine"]


def of_many_that_add_one_name_one_does(home):
    runs = [subprocess.Popen([CLI, "models", "add", WEIGHTS, "--name", "x"], env=home.environment(),
                             stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for _ in range(4)]
    errors = [(r.communicate(timeout=PATIENCE_S)[1], r.returncode) for r in runs]
    assert sorted(code for _, code in errors) == [0, 1, 1, 1], errors
    assert all(b"There is a model x already" in text for text, code in errors if code), errors
    assert home.stored() == ["x"]


def ctrl_c_leaves_nothing(home):
    p = subprocess.Popen([CLI, "models", "add", WEIGHTS, "--name", "x"], env=home.environment(),
                         stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    while not home.stored() and p.poll() is None:
        time.sleep(0.0005)
    p.send_signal(signal.SIGINT)
    code = p.wait(PATIENCE_S)
    assert code in (0, 130) and p.stderr.read() == b""
    assert home.stored() == (["x"] if code == 0 else [])
    return None if code == 130 else "it was faster than the signal"


def remove(home):
    home.run("models", "add", WEIGHTS, "--name", "x").expect(0)
    home.run("models", "remove", "x").expect(1, "--yes")
    assert home.stored() == ["x"]
    home.run("models", "remove", "--yes", "x").expect(0)
    assert home.stored() == []
    home.run("models", "remove", "--yes", "x").expect(1, "no model")
    home.run("models", "remove", "--yes", "starter").expect(1, "cannot be removed")


def info_of_any_container(home):
    one = json.loads(home.run("models", "info", "--json", "starter").expect(0).out)
    assert one["clip"] and one["config"]["image_px"] == 256 and one["config"]["vision_layers"] == [1, 2, 4, 2]
    head = json.dumps({"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    with open(home.file("plain.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + bytes(24))
    two = json.loads(home.run("models", "info", "--json", home.file("plain.safetensors")).expect(0).out)
    assert two["tensors"] == 1 and two["elements"] == 6 and two["clip"] is False and two["why_not"]
    assert "no CLIP model" in home.run("models", "info", home.file("plain.safetensors")).expect(0).out
    with open(home.file("broken.pt"), "wb") as f:
        f.write(b"PK\x03\x04 and nothing")
    r = home.run("models", "info", "--json", home.file("broken.pt")).expect(1, "broken.pt")
    assert r.out == "" and r.err.count("\n") == 1
    home.run("models", "info", "none").expect(1, "none")


class Tiny:
    """The small reference model in the place of OpenAI's: a catalogue with its
    shape, and numbers that PyTorch gave for it."""

    def __init__(self, home):
        self.home = home
        with open(os.path.join(REFERENCE, "vit", "golden.json"), encoding="utf-8") as f:
            golden = self.golden = json.load(f)
        self.path = write_reference(home, "vit", "openai-jit")
        config = json.loads(home.run("models", "info", "--json", self.path).expect(0).out)["config"]
        with open(os.path.join(ROOT, "data", "catalogue.json"), encoding="utf-8") as f:
            entry = json.load(f)["models"][0]
        entry.update(name="Tiny", vision="vit", sha256="0" * 64, input_px=config["image_px"],
                     patch_px=config["patch_px"])
        for key in ("embed_dim", "vision_layers", "vision_width", "text_width", "text_layers"):
            entry[key] = config[key]
        os.makedirs(home.file("own"))
        with open(home.file("own", "catalogue.json"), "w") as f:
            json.dump({"models": [entry]}, f)
        self.texts, self.constants = (
            [[x * n for x in row] for row, n in zip(golden[kind + "_features"], golden[kind + "_norms"])]
            for kind in ("text", "constant"))

    def add(self, name, *numbers):
        """Adds it beside these published numbers; what was printed, and what the store remembers."""
        with open(self.home.file("own", "openai_published_numbers.json"), "w") as f:
            json.dump({"numbers": [dict(number, id="t", model="Tiny") for number in numbers]}, f)
        out = self.home.run("models", "add", self.path, "--name", name,
                            env={"HANDFUL_DATA_DIR": self.home.file("own")}).expect(0).out
        with open(os.path.join(self.home.store, name, "handful.json"), encoding="utf-8") as f:
            return out, json.load(f)

    def refuses(self, name, n_values, low, high, *numbers):
        """No mark, but a sentence with the count and a difference between low and high."""
        out, notes = self.add(name, *numbers)
        said = re.search(r"^Not verified as OpenAI's Tiny: of (\d+) published values the worst differs by (\S+)\.$", out,
                         re.M)
        assert said and said.group(0) == notes["not_verified"] and "Verified" not in out, out
        assert int(said.group(1)) == n_values and low <= float(said.group(2)) <= high, out
        assert notes["verified"] is None


def openais_weights_are_verified_by_their_texts(home):
    tiny = Tiny(home)
    rows = tiny.texts
    number = {"prompts": tiny.golden["prompts"][:3], "parts": [
        {"row": 0, "first": 0, "values": rows[0]}, {"row": 1, "first": 5, "values": rows[1][5:9]},
        {"row": 2, "first": 0, "values": rows[2]}]}
    n = 2 * len(rows[0]) + 4
    out, notes = tiny.add("right", number)
    assert "Verified as OpenAI's Tiny by %d published values" % n in out, out
    assert notes["verified"]["largest_difference"] < 2e-5 and "not_verified" not in notes, notes
    number["parts"][1]["values"][2] += 0.01
    tiny.refuses("one-is-wrong", n, 5e-3, 1e-2, number)
    number["parts"][1]["values"] = [-x for x in rows[1][5:9]]
    worst = max(abs(x) for x in rows[1][5:9])
    tiny.refuses("opposite", n, worst * 0.95, worst * 1.05, number)


def openais_weights_are_verified_by_inputs_without_a_picture(home):
    """One number everywhere in the normalised input: features and logits."""
    tiny = Tiny(home)
    golden, rows = tiny.golden, tiny.constants
    values, texts = golden["constants"], golden["text_features"]
    features = {"inputs": values, "parts": [
        {"row": 0, "first": 0, "values": rows[0]}, {"row": 1, "first": 1, "values": rows[1][1:4]},
        {"row": 2, "first": 0, "values": rows[2]}]}
    logits = {"inputs": values[:2], "prompts": golden["prompts"][:3], "tolerance": {"atol": 1e-4},
              "logits_per_image": [[golden["logit_scale_exp"] * sum(x * y for x, y in zip(row, text))
                                    for text in texts[:3]] for row in golden["constant_features"][:2]]}
    n = 2 * len(rows[0]) + 3
    out, notes = tiny.add("features", features)
    assert "Verified as OpenAI's Tiny by %d published values" % n in out, out
    assert notes["verified"]["largest_difference"] < 2e-5, notes
    out, notes = tiny.add("logits", features, logits)
    assert "Verified as OpenAI's Tiny by %d published values" % (n + 6) in out, out
    assert notes["verified"]["largest_difference"] < 1e-4, notes

    swapped = dict(features, inputs=[values[1], values[0], values[2]])
    assert tiny.add("swapped", swapped)[1]["verified"] is None
    logits["logits_per_image"][1][2] += 0.002
    tiny.refuses("wrong-logit", n + 6, 1.9e-3, 2.1e-3, features, logits)
    logits["logits_per_image"][1][2] -= 0.002
    features["parts"][0]["values"][3] += 0.01
    tiny.refuses("wrong-feature", n + 6, 5e-3, 1e-2, features, logits)


main(the_list_has_the_starter_and_openais_nine, a_tested_device_tells_what_to_expect,
     a_file_is_added_with_its_configuration, every_container_is_the_same_model,
     a_model_in_several_files_is_added_whole, the_preprocessor_goes_with_its_model,
     without_a_configuration_that_is_said, names_come_from_the_file_or_its_folder, a_taken_name_is_refused,
     what_is_no_model_is_not_added, a_killed_import_leaves_nothing_visible, a_lock_tells_what_is_left_over,
     of_many_that_add_one_name_one_does, ctrl_c_leaves_nothing, remove,
     info_of_any_container, openais_weights_are_verified_by_their_texts,
     openais_weights_are_verified_by_inputs_without_a_picture)
