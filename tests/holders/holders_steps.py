"""Steps of random scripts (holders_script.py) that change containers, values with smart pointers inside, and callables.

Each returns a statement, having changed the model alike, or None when nothing fits.
"""

from holders_model import SMART


class ContainerSteps:
    # --- arrays

    def array(self):
        return self.rng.choice(sorted(self.model.arrays))

    def do_push_clone(self):
        source, name = self.source(), self.array()
        if source is None:
            return None
        array = self.model.arrays[name]
        if self.rng.random() < 0.3:
            at = self.rng.randint(0, len(array))
            array.insert(at, source[1])
            return f"{name} |> push_clone({source[0]}, {at})"
        array.append(source[1])
        return f"{name} |> push_clone({source[0]})"

    def do_emplace(self):
        filled = [slot for slot, value in self.model.slots.items() if value is not None]
        name = self.array()
        if not filled:
            return None
        slot = self.rng.choice(filled)
        array = self.model.arrays[name]
        at = self.rng.randint(0, len(array))
        array.insert(at, self.model.slots[slot])
        self.set_slot(slot, None)
        return f"{name} |> emplace({slot}, {at})"

    def do_set_element(self):
        source, name = self.source(), self.array()
        array = self.model.arrays[name]
        if source is None or not array:
            return None
        at = self.rng.randrange(len(array))
        return self.change(f"{name}[{at}] := {source[0]}", lambda: array.__setitem__(at, source[1]))

    def do_erase(self):
        name = self.array()
        array = self.model.arrays[name]
        if not array:
            return None
        at = self.rng.randrange(len(array))
        return self.change(f"delete {name}[{at}]; {name} |> erase({at})", lambda: array.pop(at))

    def do_drop_last(self):
        name = self.array()
        array = self.model.arrays[name]
        if not array or len(self.model.lost) > 12:
            return None
        value = array.pop()
        if value is not None:
            self.model.lost.append((value, f"element of array<{SMART}>"))
        text = self.rng.choice([f"pop()", f"resize({len(array)})", f"erase({len(array)})"])
        return f"{name} |> {text}"

    def do_drop_first(self):
        name = self.array()
        array = self.model.arrays[name]
        if not array or len(self.model.lost) > 12:
            return None
        value = array.pop(0)
        if value is not None:
            self.model.lost.append((value, f"element of array<{SMART}>"))
        return f"{name} |> erase(0)"

    def do_grow(self):
        name = self.array()
        array = self.model.arrays[name]
        if len(array) > 40:
            return None
        more = self.rng.choice([1, 3, 20])
        array += [None] * more
        return f"{name} |> resize({len(array)})"

    def do_reserve(self):
        name = self.array()
        return f"{name} |> reserve({len(self.model.arrays[name]) + self.rng.randint(1, 50)})"

    def do_sort(self):
        name = self.array()
        array = self.model.arrays[name]
        if not array:
            return None
        descending = self.rng.random() < 0.5
        key = lambda value: -1 if value is None else value
        array.sort(key=key, reverse=descending)
        sign = ">" if descending else "<"
        value = "(x != null ? x.fooData : -1)"
        other = "(y != null ? y.fooData : -1)"
        return f"sort({name}, $(x, y : {SMART}) => {value} {sign} {other})"

    def do_erase_if(self):
        name = self.array()
        array = self.model.arrays[name]
        if not any(value is None for value in array):
            return None
        array[:] = [value for value in array if value is not None]
        return f"{name} |> erase_if($(x : {SMART}) => x == null)"

    def do_array_clone(self):
        a, b = self.array(), self.array()
        if a == b or self.model.arrays[a]:
            return None
        self.model.arrays[a] = list(self.model.arrays[b])
        return f"{a} := {b}"

    def do_array_move(self):
        a, b = self.array(), self.array()
        if a == b or self.model.arrays[a]:
            return None
        self.model.arrays[a], self.model.arrays[b] = self.model.arrays[b], []
        return f"{a} <- {b}"

    def do_delete_array(self):
        name = self.array()
        return self.change(f"delete {name}", lambda: self.model.arrays.__setitem__(name, []))

    def do_nested(self):
        name = self.array()
        if self.rng.random() < 0.5:
            self.model.nested.append(list(self.model.arrays[name]))
            return f"nested |> push_clone({name})"
        self.model.nested.append(self.model.arrays[name])
        self.model.arrays[name] = []
        return f"nested |> emplace({name})"

    def do_delete_nested(self):
        return self.change("delete nested", lambda: self.model.nested.clear())

    def do_literal(self):
        source = self.source()
        if source is None or self.model.arrays["all"]:
            return None
        self.model.arrays["all"] = [source[1], source[1]]
        return f"all <- [pass_on({source[0]}), never_inlined({source[0]})]"

    # --- values with smart pointers inside

    def pair(self):
        return self.rng.choice(["gpair", "lpair", "deep.pair"])

    def do_pair_clone(self):
        a, b = self.pair(), self.pair()
        if a == b:
            return None

        def apply():
            for field in "ab":
                self.set_slot(f"{a}.{field}", self.model.slots[f"{b}.{field}"])
        return self.change(f"{a} := {b}", apply)

    def do_pair_swap(self):
        a, b = self.pair(), self.pair()
        if a == b:
            return None
        slots = self.model.slots
        for field in "ab":
            x, y = f"{a}.{field}", f"{b}.{field}"
            slots[x], slots[y] = slots[y], slots[x]
        return f"swap({a}, {b})"

    def do_pair_made(self):
        a, b, name = self.source(), self.source(), self.pair()
        slots = self.model.slots
        if a is None or b is None or slots[f"{name}.a"] is not None or slots[f"{name}.b"] is not None:
            return None
        slots[f"{name}.a"], slots[f"{name}.b"] = a[1], b[1]
        if self.rng.random() < 0.5:
            return f"{name} <- make_pair({a[0]}, {b[0]})"
        return f"{name} <- Pair(a := {a[0]}, b <- pass_on({b[0]}))"

    def do_pairs(self):
        name = self.pair()
        slots = self.model.slots
        self.model.pairs.append((slots[f"{name}.a"], slots[f"{name}.b"]))
        if self.rng.random() < 0.5:
            return f"pairs |> push_clone({name})"
        slots[f"{name}.a"] = slots[f"{name}.b"] = None
        return f"pairs |> emplace({name})"

    def do_take_pair(self):
        name = self.pair()
        slots = self.model.slots
        if not self.model.pairs or slots[f"{name}.a"] is not None or slots[f"{name}.b"] is not None:
            return None
        at = self.rng.randrange(len(self.model.pairs))
        slots[f"{name}.a"], slots[f"{name}.b"] = self.model.pairs.pop(at)
        return f"{name} <- pairs[{at}]; pairs |> erase({at})"

    # --- tables

    def do_table(self):
        source, key = self.source(), self.rng.randrange(40)
        if source is None:
            return None
        return self.change(f"numbers[{key}] := {source[0]}", lambda: self.model.table.__setitem__(key, source[1])) \
            if not source[0].startswith("numbers") else None

    def do_texts(self):
        source, key = self.source(), f"k{self.rng.randrange(20)}"
        if source is None:
            return None

        def apply():
            self.model.texts[key] = source[1]
        if self.rng.random() < 0.5 or key in self.model.texts:
            return self.change(f'texts["{key}"] := {source[0]}', apply)
        return self.change(f'texts |> insert_clone("{key}", {source[0]})', apply)

    def do_erase_text(self):
        keys = [key for key, value in self.model.texts.items() if value is not None]
        if not keys:
            return None
        key = self.rng.choice(keys)
        return self.change(f'delete texts["{key}"]; texts |> erase("{key}")', lambda: self.model.texts.pop(key))

    def do_emplace_text(self):
        filled = [slot for slot, value in self.model.slots.items() if value is not None]
        key = f"k{self.rng.randrange(20)}"
        if not filled or key in self.model.texts:
            return None
        slot = self.rng.choice(filled)
        self.model.texts[key] = self.model.slots[slot]
        self.set_slot(slot, None)
        return f'texts |> emplace("{key}", {slot})'

    # --- callables

    # Of a lambda or a generator; `next` makes a generator's captures variables of its frame.
    def do_capture(self):
        name = self.rng.choice(["l0", "l1", "l2"])
        value = self.model.slots[name]
        if value is None or len(self.model.captures) > 10:
            return None
        self.model.captures.append((value, f"capture {name}"))
        if self.rng.random() < 0.5:
            mode = ":="
        else:
            mode = "<-"
            self.set_slot(name, None)
        self.made += 1
        made = f"made{self.made}"
        if self.rng.random() < 0.5:
            return (f'var {made} <- @ capture({mode} {name}) {{ print("{{{name} != null}}"); }}; '
                    f"lambdas |> emplace({made})")
        step = f"var value{self.made} = 0; next({made}, value{self.made}); " if self.rng.random() < 0.5 else ""
        return (f"var {made} <- generator<int> capture({mode} {name}) {{ yield int(smart_ptr_use_count({name})); "
                f"return false; }}; {step}generators |> emplace({made})")

    def do_delete_callables(self):
        return self.change("delete lambdas; delete generators", lambda: self.model.captures.clear())
