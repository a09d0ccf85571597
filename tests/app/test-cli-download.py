"""handful-cli models get against a server on localhost that misbehaves."""
import hashlib
import json
import os
import resource
import signal
import subprocess
import time

from server import Server
from tap import CLI, PATIENCE_S, ROOT, STARTER, main

with open(os.path.join(STARTER, "open_clip_model.safetensors"), "rb") as f:
    MODEL = f.read()
SUM = hashlib.sha256(MODEL).hexdigest()
CERTIFICATES = os.path.join(ROOT, "tests", "app", "certificates")
FILES = {"m.safetensors": MODEL, "text.pt": b"this is no model at all\n" * 5000}


def get(home, server, path, *args, name="m", sha256=SUM, **more):
    check = ["--sha256", sha256] if sha256 else []
    return home.run("models", "get", name, "--url", server.url(path), *check, *args, **more)


def check_installed(home):
    assert home.stored() == ["m"], home.stored()
    with open(os.path.join(home.store, "m", "m.safetensors"), "rb") as f:
        assert hashlib.sha256(f.read()).hexdigest() == SUM
    with open(os.path.join(home.store, "m", "handful.json"), encoding="utf-8") as f:
        notes = json.load(f)
    assert notes["sha256"] == SUM and len(notes["identity"]) == 64 and notes["source"].startswith(("http://", "https://"))


def a_good_server(home):
    with Server(FILES) as server:
        r = get(home, server, "m.safetensors").expect(0)
        assert "Added m" in r.out and r.err == ""
        assert len(server.requests) == 1
    check_installed(home)
    # And it is the model it was.
    one = json.loads(home.run("models", "info", "--json", "--identity", "m").expect(0).out)
    other = json.loads(home.run("models", "info", "--json", "--identity", "starter").expect(0).out)
    assert one["identity"] == other["identity"]


def a_connection_that_dies_half_way_is_resumed(home):
    with Server(FILES) as server:
        get(home, server, "dies/m.safetensors").expect(0, "trying again in 1 s")
        assert [r[1] for r in server.requests] == [None, "bytes=%d-" % (len(MODEL) // 2)]
        assert server.requests[1][2], "no If-Range"
    check_installed(home)


def a_server_without_ranges_starts_again(home):
    with Server(FILES) as server:
        get(home, server, "no-range/m.safetensors").expect(0, "trying again")
        assert len(server.requests) == 2
    check_installed(home)


def a_file_that_changed_meanwhile_starts_again(home):
    with Server(FILES) as server:
        get(home, server, "changes/m.safetensors").expect(0)
        assert server.requests[1][1] and server.requests[1][2]
    check_installed(home)


def bytes_of_unknown_origin_are_not_gone_on_with(home):
    """Neither checksum nor validator: a second call begins again."""
    with Server(FILES) as server:
        get(home, server, "tagless/m.safetensors", "--retries", "0", sha256=None).expect(1, "kept")
        get(home, server, "tagless/m.safetensors", sha256=None).expect(0)
        assert [r[1] for r in server.requests] == [None, None]
    check_installed(home)


def a_connection_that_always_dies_is_given_up_and_kept(home):
    with Server(FILES) as server:
        r = get(home, server, "dies-always/m.safetensors", "--retries", "1").expect(1, "given up", "kept")
        assert r.err.count("\n") == 2, r.err    # one retry, one end
        assert home.stored() == [".m.part", ".m.part.from"], home.stored()
        assert os.path.getsize(os.path.join(home.store, ".m.part")) == len(MODEL) // 2
        # The next call, on a better day, goes on from there.
        server.files = FILES
        get(home, server, "m.safetensors").expect(0)
        assert server.requests[-1][1] == "bytes=%d-" % (len(MODEL) // 2)
    check_installed(home)


def a_wrong_checksum_is_refused_with_both_sums(home):
    with Server(FILES) as server:
        wrong = MODEL[:100] + bytes([MODEL[100] ^ 1]) + MODEL[101:]
        r = get(home, server, "wrong/m.safetensors").expect(1, SUM, hashlib.sha256(wrong).hexdigest(), "removed")
        assert r.err.count("\n") == 1
    assert home.stored() == []


def a_file_that_is_no_model_is_refused(home):
    with Server(FILES) as server:
        r = get(home, server, "text.pt", sha256=None).expect(1)
        assert r.err.count("\n") == 1
    assert home.stored() == []


def not_found_is_not_tried_again(home):
    with Server(FILES) as server:
        get(home, server, "nothing").expect(1, "404", server.url("nothing"))
        assert len(server.requests) == 1
    assert "m" not in home.stored()


def a_busy_server_is_tried_again(home):
    with Server(FILES) as server:
        r = get(home, server, "busy/m.safetensors").expect(0, "503")
        assert r.err.count("trying again") == 2
    check_installed(home)


def redirects_are_followed(home):
    with Server(FILES) as server:
        get(home, server, "moved/m.safetensors").expect(0)
    check_installed(home)


def redirects_without_an_end_are_not_followed_again(home):
    with Server(FILES) as server:
        r = get(home, server, "round/m.safetensors").expect(1, "from one address to the next", server.url(""))
        assert r.err.count("\n") == 1 and r.err.count("trying again") == 0, r.err
    assert not os.path.exists(os.path.join(home.store, "m"))


def a_page_instead_of_the_file_costs_nothing(home):
    """A network that wants to be logged in to answers for everybody, also where a download is gone on with."""
    with Server(FILES) as server:
        r = get(home, server, "page/m.safetensors").expect(1, "a web page came", "Open the address in a browser")
        assert r.err.count("\n") == 2, r.err    # one retry, one end
        assert os.path.getsize(os.path.join(home.store, ".m.part")) == len(MODEL) // 2
        get(home, server, "m.safetensors").expect(0)
        assert server.requests[-1][1] == "bytes=%d-" % (len(MODEL) // 2)
    check_installed(home)


def trusting(name="authority.pem", **more):
    return {"SSL_CERT_FILE": os.path.join(CERTIFICATES, name), "no_proxy": "127.0.0.1,localhost", **more}


def https_of_an_authority_that_is_trusted(home):
    with Server(FILES, os.path.join(CERTIFICATES, "server.pem")) as server:
        get(home, server, "dies/m.safetensors", env=trusting()).expect(0, "trying again in 1 s")
        assert [r[1] for r in server.requests] == [None, "bytes=%d-" % (len(MODEL) // 2)]
    check_installed(home)


def a_certificate_that_is_not_believed_is_told_of_once(home):
    with Server(FILES, os.path.join(CERTIFICATES, "server.pem")) as server:
        elsewhere = server.url("m.safetensors").replace("localhost", "127.0.0.1")
        wrong = (
            (get(home, server, "m.safetensors", env=trusting(SSL_CERT_FILE="")), "nobody that this computer trusts"),
            (get(home, server, "m.safetensors", env=trusting("expired.pem")), "nobody that this computer trusts"),
            (get(home, server, "m.safetensors", env=trusting("no.pem")), "which SSL_CERT_FILE names, cannot be used"),
            (get(home, server, "m.safetensors", env=trusting("README.md")), "which SSL_CERT_FILE names, cannot be used"),
            (home.run("models", "get", "m", "--url", elsewhere, env=trusting()), "that of another server"))
        assert server.requests == [], (server.requests, [w[0].err for w in wrong])
    with Server(FILES, os.path.join(CERTIFICATES, "expired.pem")) as server:
        wrong += (get(home, server, "m.safetensors", env=trusting()), "not valid today"),
    with Server(FILES) as server:
        plain = server.url("m.safetensors").replace("http:", "https:")
        wrong += (home.run("models", "get", "m", "--url", plain, env=trusting()), "does not speak TLS"),
    for r, word in wrong:
        r.expect(1, word)
        assert r.err.count("\n") == 1, r.err
    assert not os.path.exists(os.path.join(home.store, "m"))


def proxies_are_those_of_the_environment(home):
    """Plain files through its own words, TLS through a tunnel; none of the hosts that no_proxy names."""
    with Server(FILES) as proxy, Server(FILES, os.path.join(CERTIFICATES, "server.pem")) as server:
        address = proxy.url("").rstrip("/")
        env = trusting(http_proxy=address, https_proxy=address)
        get(home, server, "m.safetensors", env=env).expect(0)
        assert proxy.proxied == []
        env["no_proxy"] = "handful.invalid"
        far = "http://parts.invalid/m.safetensors"
        home.run("models", "get", "far", "--url", far, "--sha256", SUM, env=env).expect(0)
        get(home, server, "m.safetensors", name="tunnelled", env=env).expect(0)
        assert proxy.proxied == [("GET", far), ("CONNECT", "localhost:%d" % server.httpd.server_port)], proxy.proxied
        assert home.stored() == ["far", "m", "tunnelled"]
        # libsoup would ask the proxy for the proxy itself, once it gave the password.
        proxy.password = "me:secret"
        for user in ("", "me:secret@"):
            address = proxy.url("").replace("://", "://" + user).rstrip("/")
            for url in (far, server.url("m.safetensors")):
                r = home.run("models", "get", "x", "--url", url,
                             env=dict(env, http_proxy=address, https_proxy=address)).expect(
                                 1, "The proxy wants a name and a password", "models add FILE")
                assert r.err.count("\n") == 1, r.err


def no_server_at_all(home):
    r = home.run("models", "get", "m", "--url", "http://127.0.0.1:9/x", "--retries", "0").expect(1, "127.0.0.1:9")
    assert r.err.count("\n") == 1
    home.run("models", "get", "m", "--url", "ftp://127.0.0.1/x").expect(1, "no http or https")
    for url in ("nonsense", "", "file:///none", "http:", "http:///x", "https://"):
        r = home.run("models", "get", "m", "--url", url).expect(1, "no http or https")
        assert r.err.count("\n") == 1, r.err


def a_full_disk_keeps_what_came(home):
    """The limit of a file's size stands in for a disk without room."""
    limit = len(MODEL) // 3

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with Server(FILES) as server:
        r = get(home, server, "m.safetensors", preexec=full).expect(1, "Cannot write", "choose another place")
        assert r.err.count("\n") == 1
        assert os.path.getsize(os.path.join(home.store, ".m.part")) == limit
        get(home, server, "m.safetensors").expect(0)
        assert server.requests[-1][1] == "bytes=%d-" % limit
    check_installed(home)


def a_real_full_disk(home):
    """A file system of 4 MB, where this is allowed."""
    os.makedirs(home.store)
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "handful-test", home.store],
                                           stderr=subprocess.DEVNULL).returncode != 0:
        return "mounting is not allowed here"
    try:
        with Server(FILES) as server:
            r = get(home, server, "m.safetensors").expect(1, "No space left on device", "Make room")
            assert r.err.count("\n") == 1
            assert 3 << 20 < os.path.getsize(os.path.join(home.store, ".m.part")) <= 4 << 20
        # The same when a model is added from a file.
        r = home.run("models", "add", STARTER, "--name", "x").expect(1, "No space left on device")
        assert r.err.count("\n") == 1
        assert [n for n in home.stored() if "new" in n or n == "x"] == []
    finally:
        subprocess.run(["umount", home.store])


def ctrl_c_keeps_what_came(home):
    with Server(FILES) as server:
        p = subprocess.Popen([CLI, "models", "get", "m", "--url", server.url("slow/m.safetensors"), "--sha256", SUM],
                             stderr=subprocess.PIPE, env=home.environment())
        part = os.path.join(home.store, ".m.part")
        while not (os.path.exists(part) and os.path.getsize(part) > 100000):
            time.sleep(0.02)
        # A second download of the same model has to wait.
        get(home, server, "m.safetensors").expect(1, "Another handful-cli")
        p.send_signal(signal.SIGINT)
        assert p.wait(PATIENCE_S) == 130
        assert p.stderr.read() == b""
        had = os.path.getsize(part)
        assert 0 < had < len(MODEL)
        get(home, server, "slow/../m.safetensors").expect(0)
        assert server.requests[-1][1] == "bytes=%d-" % had
    check_installed(home)


def ctrl_c_does_not_wait_for_a_silent_server(home):
    with Server(FILES) as server:
        for mode, enough in (("silent", len(MODEL) // 2), ("mute", 0)):
            p = subprocess.Popen([CLI, "models", "get", mode, "--url", server.url(mode + "/m.safetensors")],
                                 stderr=subprocess.PIPE, env=home.environment())
            part = os.path.join(home.store, ".%s.part" % mode)
            while not (mode + "/m.safetensors" in server.seen and os.path.getsize(part) >= enough):
                time.sleep(0.02)
            since = time.monotonic()
            p.send_signal(signal.SIGINT)
            assert p.wait(PATIENCE_S) == 130
            # The connection is given up after 30 s; a busy machine may take some to end a process.
            took = time.monotonic() - since
            assert took < 15, took
            assert p.stderr.read() == b""
            assert os.path.getsize(part) == enough


def a_whole_part_is_not_loaded_again(home):
    os.makedirs(home.store)
    with open(os.path.join(home.store, ".m.part"), "wb") as f:
        f.write(MODEL)
    with Server(FILES) as server:
        get(home, server, "m.safetensors").expect(0)
        assert len(server.requests) == 1 and server.requests[0][1] == "bytes=%d-" % len(MODEL)
    check_installed(home)


def stopped_at_the_check(home, server):
    """A program that has the whole file and is making a model of it, or None where it was faster."""
    p = subprocess.Popen([CLI, "models", "get", "m", "--url", server.url("m.safetensors")], env=home.environment(),
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while p.poll() is None and not any(n.startswith(".new-") for n in home.stored()):
        time.sleep(0.0005)
    p.send_signal(signal.SIGSTOP)
    if p.poll() is None and "m" not in home.stored():
        return p
    p.send_signal(signal.SIGCONT)
    p.communicate()
    return None


def a_file_that_another_program_checks_is_left_to_it(home):
    """Once the second took it for its own and began to load it anew, under the eyes of the first."""
    with Server(FILES) as server:
        first = stopped_at_the_check(home, server)
        if first is None:
            return "it was faster than the signal"
        get(home, server, "m.safetensors", sha256=None).expect(1, "wait for it")
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=PATIENCE_S)
        assert first.returncode == 0 and len(server.requests) == 1
    check_installed(home)


def a_kill_at_the_check_loses_nothing(home):
    with Server(FILES) as server:
        killed = stopped_at_the_check(home, server)
        if killed is None:
            return "it was faster than the signal"
        killed.kill()
        killed.communicate()
        get(home, server, "m.safetensors").expect(0)
        assert [r[1] for r in server.requests] == [None, "bytes=%d-" % len(MODEL)], server.requests
    check_installed(home)


def a_taken_name_is_not_loaded(home):
    with Server(FILES) as server:
        get(home, server, "m.safetensors", name="starter").expect(1, "already")
        get(home, server, "m.safetensors", name="../x").expect(1, "cannot be the name")
        assert server.requests == []


def names_of_the_catalogue(home):
    """A catalogue of our own: name, address and checksum come from it."""
    with Server(FILES) as server:
        with open(os.path.join(os.path.dirname(os.path.dirname(STARTER)), "catalogue.json"), encoding="utf-8") as f:
            catalogue = json.load(f)
        entry = dict(catalogue["models"][0], name="Tiny/1@2", file="m.safetensors", sha256=SUM,
                     url=server.url("m.safetensors"))
        os.makedirs(home.file("own", "models"))
        os.symlink(STARTER, home.file("own", "models", "starter"))
        for n in ("openai_published_numbers.json",):
            os.symlink(os.path.join(os.path.dirname(os.path.dirname(STARTER)), n), home.file("own", n))
        with open(home.file("own", "catalogue.json"), "w") as f:
            json.dump({"models": [entry]}, f)
        env = {"HANDFUL_DATA_DIR": home.file("own")}
        listed = json.loads(home.run("models", "list", "--json", env=env).expect(0).out)
        assert [(m["name"], m["installed"]) for m in listed] == [("starter", True), ("Tiny/1@2", False)]
        home.run("embed", "--model", "Tiny/1@2", "--text", "x", "-o", "out", env=env).expect(1, "models get Tiny/1@2")
        r = home.run("models", "get", "tiny-1-2", env=env).expect(0)
        # No number is published for it: its checksum is what verifies it.
        assert "Verified as OpenAI's Tiny/1@2 by the checksum of the file" in r.out, r.out
        assert home.stored() == ["Tiny-1-2"]
        home.run("embed", "--model", "Tiny/1@2", "--text", "x", "-o", "out", env=env).expect(0)
        home.run("models", "get", "Tiny/1@2", env=env).expect(1, "already")


main(a_good_server, a_connection_that_dies_half_way_is_resumed, a_server_without_ranges_starts_again,
     a_file_that_changed_meanwhile_starts_again, bytes_of_unknown_origin_are_not_gone_on_with,
     a_connection_that_always_dies_is_given_up_and_kept, a_wrong_checksum_is_refused_with_both_sums,
     a_file_that_is_no_model_is_refused, not_found_is_not_tried_again, a_busy_server_is_tried_again,
     redirects_are_followed, redirects_without_an_end_are_not_followed_again, a_page_instead_of_the_file_costs_nothing,
     https_of_an_authority_that_is_trusted, a_certificate_that_is_not_believed_is_told_of_once,
     proxies_are_those_of_the_environment, no_server_at_all, a_full_disk_keeps_what_came, a_real_full_disk, ctrl_c_keeps_what_came,
     ctrl_c_does_not_wait_for_a_silent_server, a_whole_part_is_not_loaded_again,
     a_file_that_another_program_checks_is_left_to_it, a_kill_at_the_check_loses_nothing, a_taken_name_is_not_loaded,
     names_of_the_catalogue)
