// The unit of code, and how operations hand over to each other.
//
// A program's code is one array of 16-byte words. A word is the address of an operation's body and four 16-bit
// operands; what they mean is the operation's business (operations.def). Constants and pointers that do not fit follow
// in a data word, which is never executed.
//
// Every operation has one signature. It does its work and ends in a tail call of the next word's body, so that running
// code uses no native stack: pc, frame, context and two accumulators stay in registers. Builds whose compiler cannot
// promise tail calls (Debug, sanitizers, coverage) define VESTIGE_TRAMPOLINE: the same bodies return where to go on and
// a loop calls them. Bodies are written with the macros at the end of this file and do not know which.
//
// Floor 4.

#ifndef VESTIGE_EXEC_WORD_H_
#define VESTIGE_EXEC_WORD_H_

#include <cstdint>

namespace vestige::exec {

class Context;
struct Word;

#if VESTIGE_TRAMPOLINE
// Where to go on; a null pc leaves the loop.
struct Flow {
  const Word* pc;
  char* frame;
};
#else
using Flow = void;
#endif

// The body of an operation. `acc` and `facc` carry the last result from one operation to the next; see operations.def.
using Handler = Flow (*)(const Word* pc, char* frame, Context* context, uint64_t acc, double facc);

struct Word {
  Handler handler = nullptr;
  uint16_t a = 0;
  uint16_t b = 0;
  uint16_t c = 0;
  uint16_t d = 0;
};
static_assert(sizeof(Word) == 16);

// The word after an operation that needs more than 64 bits of operands. A pointer and a number, or 128 bits.
union DataWord {
  struct {
    const void* pointer;
    uint64_t number;
  } pair;
  uint64_t bits[2];
};
static_assert(sizeof(DataWord) == sizeof(Word));

// Operands c and d as one signed number: an immediate, an offset of globals, or the distance of a jump in words.
inline int32_t Immediate(const Word* pc) {
  int32_t value;
  __builtin_memcpy(&value, &pc->c, sizeof(value));
  return value;
}
inline const DataWord& DataOf(const Word* pc) { return *reinterpret_cast<const DataWord*>(pc + 1); }

}  // namespace vestige::exec

// The parameters of every operation and slow path.
#define VESTIGE_OP_PARAMS                                                         \
  [[maybe_unused]] const ::vestige::exec::Word *pc, [[maybe_unused]] char *frame, \
      [[maybe_unused]] ::vestige::exec::Context *context, [[maybe_unused]] uint64_t acc, [[maybe_unused]] double facc

// A slow path: never inlined, kept away from hot code, same signature, reached by VESTIGE_SLOW.
#define VESTIGE_SLOW_PATH [[gnu::noinline, gnu::cold]]

#if VESTIGE_TRAMPOLINE
// Ends an operation: the word `next` is executed next.
#define VESTIGE_GO(next)                         \
  do {                                           \
    context->acc = acc;                          \
    context->facc = facc;                        \
    return ::vestige::exec::Flow{(next), frame}; \
  } while (false)
// Ends an operation by running another body on the same word.
#define VESTIGE_SLOW(body) return body(pc, frame, context, acc, facc)
// Leaves the dispatch loop.
#define VESTIGE_LEAVE() \
  return ::vestige::exec::Flow { nullptr, nullptr }
#else
#if defined(__clang__)
#define VESTIGE_TAIL [[clang::musttail]]
#else
#define VESTIGE_TAIL
#endif
#define VESTIGE_GO(next)                                            \
  do {                                                              \
    pc = (next);                                                    \
    VESTIGE_TAIL return pc->handler(pc, frame, context, acc, facc); \
  } while (false)
#define VESTIGE_SLOW(body) VESTIGE_TAIL return body(pc, frame, context, acc, facc)
#define VESTIGE_LEAVE() return
#endif

// Ends an operation of `words` words.
#define VESTIGE_NEXT(words) VESTIGE_GO(pc + (words))

#endif  // VESTIGE_EXEC_WORD_H_
