// Natives of containers, run by scripts: statements of `main` and what they print.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "vestige/engine.h"

namespace vestige {
namespace {

struct Case {
  std::string_view body;
  std::string_view printed;
};

struct Ran {
  std::string out;
  std::string exception;
};

Ran Run(std::string_view body) {
  Ran ran;
  EngineOptions options;
  options.out = [&](std::string_view text) { ran.out += text; };
  options.err = [](std::string_view) {};
  options.reports = [](std::string_view) {};
  Engine engine(options);
  std::string script = "options gen2\nstruct Item {\n    id : int = 4\n    tags : array<int>\n}\n";
  script.append("[export]\ndef main() {\n").append(body).append("\n}\n");
  ran.exception = engine.RunText("test.das", script).exception;
  engine.Close();
  return ran;
}

void CheckAll(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    CAPTURE(c.body);
    const Ran ran = Run(c.body);
    CHECK(ran.out == c.printed);
    CHECK(ran.exception.empty());
  }
}

TEST_CASE("arrays take, give and move elements") {
  CheckAll({
      {"var a <- [1, 2]\n a |> push(3)\n a |> push(0, 0)\n print(\"{a}\")", "[ 0, 1, 2, 3]"},
      {"var a <- [1]\n a |> push(a)\n a |> push(a[0])\n print(\"{a}\")", "[ 1, 1, 1]"},
      {"var a <- [[1]]\n var b <- [2]\n a |> emplace(b)\n print(\"{a} {length(b)}\")", "[ [ 1], [ 2]] 0"},
      {"var a <- [[1]]\n var b <- [2]\n a |> push_clone(b)\n b[0] = 9\n print(\"{a}\")", "[ [ 1], [ 2]]"},
      {"var a <- [1, 2, 3, 4]\n a |> erase(1, 2)\n print(\"{a}\")", "[ 1, 4]"},
      {"var a <- [1, 2, 3]\n pop(a)\n back(a) = 7\n print(\"{a} {back(a)}\")", "[ 1, 7] 7"},
      {"var a : array<Item>\n a |> resize(2)\n print(\"{a[1].id} {length(a)}\")", "4 2"},
      {"var a <- [1, 2, 3]\n a |> resize_and_init(5, 8)\n print(\"{a}\")", "[ 1, 2, 3, 8, 8]"},
      {"var a <- [3, 4, 5]\n print(\"{find_index(a, 4)} {find_index_if(a) $(x) => x > 4} {has_value(a, 6)}\")",
       "1 2 false"},
      {"var a <- [1, 2, 3]\n print(\"{remove_value(a, 2)} {remove_value(a, 2)}\\n\")\n print(\"{a}\")",
       "true false\n[ 1, 3]"},
      {"var a <- [1, 2, 3]\n var b <- subarray(a, range(1, 3))\n print(\"{b}\")", "[ 2, 3]"},
      {"var f = fixed_array(1, 2)\n var a <- to_array(f)\n a |> push(f)\n print(\"{a}\")", "[ 1, 2, 1, 2]"},
      {"var a = 1\n var b = 2\n swap(a, b)\n print(\"{a} {b}\")", "2 1"},
  });
}

TEST_CASE("sorting") {
  CheckAll({
      {"var a <- [\"b\", \"\", \"a\"]\n sort(a)\n print(\"{a}\")", "[ , a, b]"},
      {"var a <- [1., 0. / 0., -1.]\n sort(a)\n print(\"{a[0]} {a[1]}\")", "-1 1"},
      {"var a <- [5, 1, 4]\n sort(a) $(x, y) => x > y\n print(\"{a}\")", "[ 5, 4, 1]"},
      {"var f = fixed_array(3, 1, 2)\n sort(f)\n print(\"{f}\")", "[ 1, 2, 3]"},
      // A comparison that contradicts itself loses nothing.
      {"var a <- [for (i in range(100)); i]\n sort(a) $(x, y) => true\n var s = 0\n for (x in a) { s += x }\n "
       "print(\"{s}\")",
       "4950"},
  });
}

TEST_CASE("tables are filled and asked") {
  CheckAll({
      {"var t <- { \"a\" => 1 }\n t |> insert(\"b\", 2)\n print(\"{t} {length(t)}\")", "{ a => 1, b => 2} 2"},
      {"var t <- { 1 => [1] }\n var v <- [2]\n t |> emplace(1, v)\n print(\"{t} {length(v)}\")", "{ 1 => [ 2]} 0"},
      {"var t <- { 1 => 5 }\n print(\"{key_exists(t, 1)} {erase(t, 1)} {erase(t, 1)} {empty(t)}\")",
       "true true false true"},
      {"var t <- { 1 => 5 }\n let found = get(t, 1) $(var v) { v = 6 }\n print(\"{found} {t}\")", "true { 1 => 6}"},
      {"var t <- { 1 => 5 }\n t |> modify(1) $(v) => v + 1\n print(\"{t} {get_value(t, 1)}\")", "{ 1 => 6} 6"},
      {"var s : table<int>\n s |> insert(3)\n print(\"{s} {key_exists(s, 3)}\")", "{ 3 => } true"},
      {"var t <- { \"a\" => 1 }\n for (kv in each_kv(t)) {\n print(\"{kv.key}{kv.value}\")\n }", "a1"},
      {"var t <- { \"a\" => 1 }\n t |> clear\n print(\"{t} {capacity(t)}\")", "{} 8"},
  });
}

TEST_CASE("what containers refuse is a panic of the script") {
  for (const Case& c : {
           Case{"var a <- [1]\n for (x in a) { a |> push(x) }", "can't resize locked array"},
           Case{"var a <- [2, 1]\n sort(a) $(x, y) { a |> clear\n return x < y }", "can't clear locked array"},
           Case{"var a : array<int>\n pop(a)", "resizing array to negative size -1"},
           Case{"var a : array<int>\n a |> erase(3)", "erase index out of range, 3 of 0"},
           Case{"var t <- { 1 => 2 }\n get(t, 1) $(v) { t |> insert(v, v) }", "can't insert into locked table"},
           Case{"unsafe { heap_collect() }", "heap collection is not allowed in this context, needs 'options gc'"},
       }) {
    CAPTURE(c.body);
    CHECK(Run(c.body).exception.find(c.printed) == 0);
  }
}

}  // namespace
}  // namespace vestige
