"""Makes a random script for holders_fuzz.py, one step after the other, and what it has to print."""

from holders_model import Model, OBJECTS, PRELUDE, SMART
from holders_steps import ContainerSteps


class Script(ContainerSteps):
    def __init__(self, rng, steps):
        self.rng = rng
        self.model = Model(rng)
        self.lines = []
        self.made = 0
        self.expected = []
        operations = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("do_")]
        for step in range(steps):
            text = None
            while text is None:
                text = rng.choice(operations)()
            self.lines.append(f"        {text}")
            self.lines.append(f"        tell({step})")
            self.note(step)

    def note(self, step):
        model = self.model
        for number in range(OBJECTS):
            names = model.names_of(number)
            if names:
                self.expected.append(f"{step} {number} {len(names)} {'; '.join(names)}")
            elif number in model.alive:
                model.alive.remove(number)

    # A statement that the raw pointer of an object that died must follow; objects die when nobody holds them.
    def source(self, null_too=False):
        model = self.model
        places = [(name, value) for name, value in model.slots.items() if value is not None or null_too]
        for name, array in model.arrays.items():
            places += [(f"{name}[{i}]", value) for i, value in enumerate(array) if value is not None]
        places += [(f"numbers[{key}]", value) for key, value in model.table.items() if value is not None]
        return self.rng.choice(places) if places else None

    def target(self):
        return self.rng.choice(sorted(self.model.slots))

    # After every statement that may have let an object die, its raw pointer is cleared.
    def with_deaths(self, text, before):
        died = [n for n in sorted(before) if not self.model.names_of(n)]
        return text + "".join(f"; raw[{n}] = null" for n in died)

    def change(self, text, apply):
        before = {n for n in range(OBJECTS) if self.model.names_of(n)}
        apply()
        return self.with_deaths(text, before)

    def set_slot(self, name, value):
        self.model.slots[name] = value

    def do_new(self):
        free = [n for n in range(OBJECTS) if not self.model.names_of(n)]
        target = self.target()
        if not free or self.model.slots[target] is not None:
            return None
        number = free[0]
        self.set_slot(target, number)
        return f"{target} <- new TestObjectSmart; raw[{number}] = get_ptr({target}); raw[{number}].fooData = {number}"

    def do_clone(self):
        source = self.source(null_too=True)
        target = self.target()
        if source is None:
            return None
        return self.change(f"{target} := {source[0]}", lambda: self.set_slot(target, source[1]))

    def do_clone_by_function(self):
        source = self.source()
        target = self.target()
        if source is None:
            return None
        return self.change(f"smart_ptr_clone({target}, {source[0]})", lambda: self.set_slot(target, source[1]))

    def do_move(self):
        model = self.model
        filled = [name for name, value in model.slots.items() if value is not None]
        empty = [name for name, value in model.slots.items() if value is None]
        if not filled or not empty:
            return None
        source, target = self.rng.choice(filled), self.rng.choice(empty)
        value = model.slots[source]
        self.set_slot(source, None)
        self.set_slot(target, value)
        return f"{target} <- {source}"

    def do_move_by_function(self):
        model = self.model
        filled = [name for name, value in model.slots.items() if value is not None]
        target = self.target()
        if not filled:
            return None
        source = self.rng.choice(filled)
        if source == target:
            return None
        value = model.slots[source]

        def apply():
            self.set_slot(source, None)
            self.set_slot(target, value)
        return self.change(f"move({target}, {source})", apply)

    def do_pass_on(self):
        source = self.source()
        empty = [name for name, value in self.model.slots.items() if value is None]
        if source is None or not empty:
            return None
        target = self.rng.choice(empty)
        function = self.rng.choice(["pass_on", "never_inlined"])
        self.set_slot(target, source[1])
        return f"{target} <- {function}({source[0]})"

    def do_delete(self):
        filled = [name for name, value in self.model.slots.items() if value is not None]
        if not filled:
            return None
        name = self.rng.choice(filled)
        return self.change(f"delete {name}", lambda: self.set_slot(name, None))

    def do_swap(self):
        a, b = self.target(), self.target()
        if a == b:
            return None
        slots = self.model.slots
        slots[a], slots[b] = slots[b], slots[a]
        return f"swap({a}, {b})"

    def do_lose(self):
        source = self.source()
        if source is None or len(self.model.lost) > 12:
            return None
        self.model.lost.append((source[1], "local gone"))
        return f"lose({source[0]})"

    def text(self):
        body = "\n".join(self.lines)
        main = f"""
[export]
def main {{
    unsafe {{
        var inscope l0 : SMART
        var inscope l1 : SMART
        var inscope l2 : SMART
        var inscope lpair : Pair
        var inscope deep : Deep
        var inscope tup : tuple<SMART; int>
        var inscope fixed : SMART[2]
        var inscope all : array<SMART>
        var inscope nested : array<array<SMART>>
        var inscope pairs : array<Pair>
        var inscope numbers : table<int; SMART>
        var inscope texts : table<string; SMART>
        var inscope lambdas : array<lambda<() : void>>
        var inscope generators : array<iterator<int>>
{body}
    }}
}}
"""
        return (PRELUDE + main).replace("SMART", SMART).replace("OBJECTS", str(OBJECTS)).replace(
            "HOLDERS", "smart_ptr_holders(reinterpret<%s>(raw[i]))" % SMART)

    # At the end, locals are gone; globals and what was lost are left.
    def survivors(self):
        model = self.model
        rows = [(model.slots[name], model.named[name]) for name in ("g0", "g1", "gpair.a", "gpair.b")]
        rows += [(value, f"element of array<{SMART}>") for value in model.arrays["gall"]]
        rows += model.lost
        found = {}
        for value, name in rows:
            if value is not None:
                found.setdefault(value, []).append(name)
        return sorted(sorted(names) for names in found.values())
