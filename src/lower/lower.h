// From the typed program to code.
//
// Lower turns a checked program into the words that exec runs, with every side table that reports need: the location of
// each word, hints of panics, slot maps for the collector. The code keeps nothing of the typed program (names and texts
// are copied), so the program may be freed at once; types must outlive the code.
//
// Floor 5: reads sema/typed.h, writes exec/code.h.

#ifndef VESTIGE_LOWER_LOWER_H_
#define VESTIGE_LOWER_LOWER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "exec/code.h"
#include "sema/typed.h"

namespace vestige::lower {

// The outcome of Lower.
struct Lowered {
  std::unique_ptr<exec::Code> code;
  // Number of the function that gives every global its initial value, in order. Takes nothing, returns nothing; to be
  // run once per context, before the [init] functions.
  uint32_t initializer = 0;
  // Set, and code null, when a function cannot be represented: its frame is too large. Where, and what for people.
  std::string error;
  base::Location error_location;
};

struct LowerOptions {
  // Whoever stores a smart pointer says what holds it from then on.
  bool notes_holders = false;
  // The code tells an event profile of its calls.
  bool counts_events = false;
};

// A function keeps its number: TFunction::index is exec's.
Lowered Lower(const sema::TProgram& program, const LowerOptions& options = {});

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_LOWER_H_
