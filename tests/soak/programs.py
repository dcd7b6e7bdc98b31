"""Programs at random for the soak of jobs, each with what it must say of itself when it ends.

A program is a list of scenes in one main function. A scene knows what it leaves behind: blocks (`nodes`), job primitives
(`statuses`) and values in them (`features`), whether it fails the run, and whether it ends it, with which code.
"""

import dataclasses

HEAD = """options gen2
require daslib/jobque_boost
require daslib/fio
require daslib/defer

struct Node {
    id : int
}

struct Message {
    id : int
    text : string
    list : array<int>
}

var shared LIST <- [1, 2, 3]

def send(ch : Channel?; id : int) {
    var inscope m <- Message(id = id, text = "message", list <- [id, id])
    ch |> push_clone(m)
}

def lose(count : int) {
    for (i in range(count)) {
        var node = new Node(id = i)
        verify(node.id == i)
    }
}

def work(rounds : int) : int {
    var sum = 0
    for (i in range(rounds)) {
        sum += i & 7
    }
    return sum
}
"""


@dataclasses.dataclass
class Scene:
    body: str
    nodes: int = 0
    statuses: int = 0
    features: int = 0
    fails: bool = False
    exit: int | None = None
    blocks: bool = False


def messages(rng):
    jobs, count = rng.randrange(1, 9), rng.randrange(1, 40)
    return Scene(f"""
    with_job_que() {{
        with_channel({jobs}) $(ch) {{
            for (j in range({jobs})) {{
                new_job() @() {{
                    for (i in range({count})) {{
                        send(ch, i + j)
                    }}
                    ch |> notify_and_release
                }}
            }}
            var count = 0
            for_each_clone(ch) $(m : Message#) {{
                count += length(m.list)
            }}
            verify(count == {2 * jobs * count})
        }}
    }}
""")


def panics(rng):
    jobs, every, lost = rng.randrange(1, 12), rng.randrange(1, 4), rng.randrange(0, 4)
    failing = len([j for j in range(jobs) if j % every == 0])
    return Scene(f"""
    with_job_que() {{
        with_channel() $(ch) {{
            with_job_que() {{
                for (j in range({jobs})) {{
                    new_job() @() {{
                        send(ch, j)
                        if (j % {every} == 0) {{
                            lose({lost})
                            panic("boom")
                        }}
                        ch |> release
                    }}
                }}
            }}
            verify(ch.total == {jobs})
            gather(ch) $(m : Message#) {{
                pass
            }}
        }}
    }}
""", nodes=failing * lost, fails=True)


def abandoned(rng):
    values = rng.randrange(0, 5)
    return Scene(f"""
    {{
        var ch = unsafe(channel_create())
        with_job_que() {{
            new_job() @() {{
                for (i in range({values})) {{
                    send(ch, i)
                }}
                ch |> release
            }}
        }}
        verify(ch.total == {values})
    }}
""", statuses=1, features=values + 1)


def removed(rng):
    values = rng.randrange(0, 5)
    return Scene(f"""
    {{
        var ch = unsafe(channel_create())
        for (i in range({values})) {{
            send(ch, i)
        }}
        unsafe {{
            channel_remove(ch)
        }}
    }}
""")


def timeouts(rng):
    return Scene(f"""
    with_job_que() {{
        with_channel(1) $(ch) {{
            var got = 0
            for (_i in range({rng.randrange(1, 4)})) {{
                if (pop_with_timeout_clone(ch, {rng.randrange(0, 4)}) $(m : Message#) {{
                    got ++
                }}) {{
                    pass
                }}
            }}
            verify(got == 0)
            new_job() @() {{
                sleep({rng.randrange(0, 4)}u)
                send(ch, 1)
                ch |> notify_and_release
            }}
            while (pop_and_clone_one(ch) $(m : Message#) {{
                got += m.id
            }}) {{
                pass
            }}
            verify(got == 1)
        }}
    }}
""")


def cancelled(rng):
    jobs = rng.randrange(1, 6)
    return Scene(f"""
    with_job_que() {{
        with_atomic32() $(stop) {{
            with_wait_group({jobs}) $(wg) {{
                for (_j in range({jobs})) {{
                    new_job() @() {{
                        while ((stop |> get) == 0) {{
                            work(10)
                        }}
                        wg |> done
                    }}
                }}
                sleep({rng.randrange(0, 5)}u)
                stop |> set(1)
            }}
        }}
    }}
""")


def boxes(rng):
    jobs = rng.randrange(1, 8)
    return Scene(f"""
    with_job_que() {{
        with_lock_box() $(box) {{
            box |> set(Message(id = 0, text = "box"))
            with_wait_group({jobs}) $(wg) {{
                for (j in range({jobs})) {{
                    new_job() @() {{
                        box |> update() $(var m : Message#) {{
                            m.id += 1
                            m.list |> push(j)
                        }}
                        box |> release
                        wg |> done
                    }}
                }}
            }}
            box |> grab() $(var m : Message) {{
                verify(m.id == {jobs} && length(m.list) == {jobs})
            }}
        }}
    }}
""")


def threads(rng):
    count = rng.randrange(1, 6)
    return Scene(f"""
    with_wait_group({count}) $(wg) {{
        for (_i in range({count})) {{
            new_thread() @() {{
                work({rng.randrange(10, 2000)})
                wg |> done
            }}
        }}
    }}
""")


def nested(rng):
    return Scene(f"""
    with_job_que() {{
        with_atomic32() $(count) {{
            with_wait_group({3 * 4 + 3}) $(wg) {{
                for (_i in range(3)) {{
                    new_job() @() {{
                        for (_k in range(4)) {{
                            new_job() @() {{
                                count |> inc
                                wg |> done
                            }}
                        }}
                        wg |> done
                    }}
                }}
            }}
            verify((count |> get) == 12)
        }}
    }}
""")


def shared(rng):
    jobs = rng.randrange(1, 8)
    return Scene(f"""
    with_job_que() {{
        with_atomic32() $(refused) {{
            with_wait_group({jobs}) $(wg) {{
                for (_j in range({jobs})) {{
                    new_job() @() {{
                        var sum = 0
                        for (_k in range({rng.randrange(1, 50)})) {{
                            for (x in LIST) {{
                                sum += x
                            }}
                        }}
                        try {{
                            LIST |> push(sum)
                        }} recover {{
                            refused |> inc
                        }}
                        wg |> done
                    }}
                }}
            }}
            verify((refused |> get) == {jobs} && length(LIST) == 3)
        }}
    }}
""")


def parallel(rng):
    count, jobs = rng.randrange(1, 3000), rng.randrange(1, 12)
    return Scene(f"""
    with_job_que() {{
        with_atomic32() $(sum) {{
            parallel_for(0, {count}, {jobs}) $(from, to, wg) {{
                for (_i in range(from, to)) {{
                    sum |> inc
                }}
                wg |> done
            }}
            verify((sum |> get) == {count})
        }}
    }}
""")


def forgotten(rng):
    lost = rng.randrange(1, 5)
    return Scene(f"""
    lose({lost})
""", nodes=lost)


def exits(rng):
    code = rng.choice([0, 1, 3, 77])
    if rng.random() < 0.5:
        return Scene(f"""
    unsafe {{
        exit({code})
    }}
""", exit=code)
    return Scene(f"""
    with_job_que() {{
        new_job() @() {{
            unsafe {{
                exit({code})
            }}
        }}
        while (true) {{
            {rng.choice(["sleep(1u)", "work(100)"])}
        }}
    }}
""", exit=code)


def main_panics(rng):
    lost = rng.randrange(0, 3)
    return Scene(f"""
    lose({lost})
    panic("main ends here")
""", nodes=lost, fails=True, exit=1)


def blocked(rng):
    return Scene("""
    with_job_que() {
        with_channel(1) $(first) {
            with_channel(1) $(second) {
                new_job() @() {
                    for_each_clone(first) $(m : Message#) {
                        pass
                    }
                    first |> release
                    second |> notify_and_release
                }
                for_each_clone(second) $(m : Message#) {
                    pass
                }
                first |> notify
            }
        }
    }
""", fails=True, exit=1, blocks=True)


ORDINARY = [messages, panics, abandoned, removed, timeouts, cancelled, boxes, threads, nested, shared, parallel, forgotten]
CLEAN = [messages, removed, timeouts, cancelled, boxes, threads, nested, shared, parallel]
LAST = [exits, main_panics, blocked]


def text_of(scenes, loops):
    out = HEAD
    for number, scene in enumerate(scenes):
        out += f"\ndef scene_{number}() {{{scene.body}}}\n"
    calls = "".join(f"        scene_{number}()\n" for number in range(len(scenes)))
    repeat = "while (true)" if loops else "for (_round in range(1))"
    return out + f'\n[export]\ndef main {{\n    print("begin\\n")\n    sleep(1u)\n    {repeat} {{\n{calls}    }}\n    print("end\\n")\n}}\n'


def make(rng, clean):
    """A program that ends by itself: its text and its scenes. A clean one leaves nothing and ends with 0."""
    scenes = [rng.choice(CLEAN if clean else ORDINARY)(rng) for _ in range(rng.randrange(1, 7))]
    if not clean and rng.random() < 0.5:
        scenes.append(rng.choice(LAST)(rng))
    return text_of(scenes, False), scenes


def make_endless(rng):
    """A program that goes on until a signal ends it."""
    return text_of([rng.choice(CLEAN)(rng) for _ in range(rng.randrange(1, 5))], True)
