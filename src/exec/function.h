// Functions as the interpreter sees them.
//
// Two records per function, in two parallel arrays of Code indexed by the function's number: Function is what a call
// needs and is half a cache line; FunctionInfo is everything that panics, reports, the collector and native callers ask
// for. A function value of a script is the address of a Function. Floor 4.

#ifndef VESTIGE_EXEC_FUNCTION_H_
#define VESTIGE_EXEC_FUNCTION_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "base/location.h"
#include "exec/word.h"
#include "types/type.h"

namespace vestige::exec {

// Made by CodeBuilder; immovable once the code is finished.
struct Function {
  const Word* entry = nullptr;
  // Header, arguments, locals and temporaries; callees' frames start at or below this. A multiple of 8.
  uint32_t frame_bytes = 0;
  // Index into Code's arrays.
  uint32_t number = 0;
  // Bytes of hidden and declared arguments, behind the header: what a call from a generator carries over.
  uint16_t argument_bytes = 0;
  // As in FunctionInfo.
  uint8_t result_bytes = 0;
  // Its frame is part of a heap block (generator.h).
  bool is_generator = false;
  uint64_t spare = 0;
};
static_assert(sizeof(Function) == 32);

// What comes before the first declared argument, in this order.
enum HiddenArgument : uint8_t {
  kHiddenMaker = 1 << 0,   // maker's frame (block) or capture struct (lambda); stored by the invoking operation
  kHiddenResult = 1 << 1,  // address where a ref-type result is made; stored by the calling code
};

// Where a declared argument lies in the frame. `bytes` is 8 for addresses.
struct ParameterSlot {
  uint16_t offset = 0;
  uint16_t bytes = 0;
};

// A frame slot that may hold heap memory, for the collector: live in words [first_word, last_word) of the code. With
// `is_far` the slot holds an address in the frame's far memory, and a `type` lies `far_offset` bytes behind it.
struct SlotMapEntry {
  // Generators: what becomes of the slot when one is closed here. kValue: it is finalized; kText: its string is freed.
  enum class Owned : uint8_t { kNo, kValue, kText };
  uint32_t first_word = 0;
  uint32_t last_word = 0;
  uint32_t offset = 0;
  const types::Type* type = nullptr;
  bool is_far = false;
  uint32_t far_offset = 0;
  Owned owned = Owned::kNo;

  // Where the value is in the frame at `frame`.
  char* AddressIn(char* frame) const {
    char* slot = frame + offset;
    if (!is_far) return slot;
    char* far;
    std::memcpy(&far, slot, sizeof(char*));
    return far + far_offset;
  }
};

// What a loop of the function holds while control is in words [first_word, last_word), by its frame slot: the address
// of a container that it keeps locked, an iterator that it consumes, a string made for it. A panic that leaves those
// words releases it, and so does closing a generator that waits there.
struct LoopHoldEntry {
  enum class Kind : uint8_t { kArray, kTable, kIterator, kText };
  uint32_t first_word = 0;
  uint32_t last_word = 0;
  uint32_t offset = 0;
  // Containers: where the address of the buffer is that was locked.
  uint32_t buffer_offset = 0;
  Kind kind = Kind::kArray;
};

inline constexpr uint32_t kNoWord = 0xffffffff;

struct FunctionInfo {
  // As people read it in stacks; a block bears the name of the function it is written in.
  std::string name;
  // Unique, for messages and for printing function values: ``foo/*foo Ci*/``.
  std::string mangled;
  // `name/*mangled*/`; filled in by CodeBuilder.
  std::string printed;
  base::Location location;
  // First word and one past the last.
  uint32_t first_word = 0;
  uint32_t last_word = 0;
  // Combination of HiddenArgument.
  uint8_t hidden = 0;
  bool is_block = false;
  bool is_init = false;
  bool is_finalize = false;
  bool is_export = false;
  // The result is the address of a `result`.
  bool returns_address = false;
  // Size of a workhorse result; 0 for void and for results made at the hidden address.
  uint16_t result_bytes = 0;
  // Result type; null or void when there is none.
  const types::Type* result = nullptr;
  std::vector<ParameterSlot> parameters;
  // Sorted by first_word.
  std::vector<SlotMapEntry> slots;
  std::vector<LoopHoldEntry> holds;
  // Generators: type of the captures at kGeneratorCaptures of the frame, and the word where what runs on closing
  // begins, kNoWord for none.
  const types::Type* capture = nullptr;
  uint32_t closing_word = kNoWord;
};

}  // namespace vestige::exec

#endif  // VESTIGE_EXEC_FUNCTION_H_
