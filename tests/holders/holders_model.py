"""What the scripts of holders_fuzz.py have in common, and what is known of who holds their objects."""

SMART = "smart_ptr<TestObjectSmart>"
OBJECTS = 4

PRELUDE = """options gen2
require UnitTest

struct Pair {
    a : SMART
    b : SMART
}

struct Deep {
    pair : Pair
    rest : array<SMART>
}

variant Either {
    number : int
    object : SMART
}

var raw : TestObjectSmart?[OBJECTS]
var g0 : SMART
var g1 : SMART
var gpair : Pair
var gall : array<SMART>

def tell(step : int) {
    for (i in range(OBJECTS)) {
        if (raw[i] != null) {
            unsafe {
                print("{step} {i} {int(smart_ptr_use_count(reinterpret<SMART>(raw[i])))} ")
                print("{HOLDERS}\\n")
            }
        }
    }
}

def pass_on(object : SMART) {
    var inscope copy := object
    return <- copy
}

def never_inlined(object : SMART) {
    var inscope copy := object
    for (i in range(2)) {
        if (i == 1) {
            return <- copy
        }
    }
    return <- copy
}

def make_pair(a, b : SMART) {
    var inscope made : Pair
    made.a := a
    made.b := b
    return <- made
}

def lose(object : SMART) {
    unsafe {
        var gone := object
    }
}
"""


class Model:
    """What every slot has: the number of an object, or None."""

    def __init__(self, rng):
        self.rng = rng
        self.named = {
            "g0": "global g0", "g1": "global g1", "l0": "local l0", "l1": "local l1", "l2": "local l2",
            "gpair.a": "field a of Pair", "gpair.b": "field b of Pair", "lpair.a": "field a of Pair",
            "lpair.b": "field b of Pair", "deep.pair.a": "field a of Pair", "deep.pair.b": "field b of Pair",
            "tup._0": f"field _0 of tuple<{SMART};int>",
            "fixed[0]": f"element of {SMART}[2]", "fixed[1]": f"element of {SMART}[2]",
        }
        self.slots = {name: None for name in self.named}
        self.arrays = {"gall": [], "all": [], "deep.rest": []}
        self.pairs = []
        self.nested = []
        self.table = {}
        self.texts = {}
        self.captures = []
        self.lost = []
        self.alive = set()

    # What holds objects, as (object, name of the holder).
    def holders(self):
        element = f"element of array<{SMART}>"
        rows = [(value, self.named[name]) for name, value in self.slots.items()]
        for array in self.arrays.values():
            rows += [(value, element) for value in array]
        for a, b in self.pairs:
            rows += [(a, "field a of Pair"), (b, "field b of Pair")]
        for array in self.nested:
            rows += [(value, element) for value in array]
        rows += [(value, f"element of table<int;{SMART}>") for value in self.table.values()]
        rows += [(value, f"element of table<string;{SMART}>") for value in self.texts.values()]
        rows += self.captures + self.lost
        return [(value, name) for value, name in rows if value is not None]

    def names_of(self, number):
        return sorted(name for value, name in self.holders() if value == number)
