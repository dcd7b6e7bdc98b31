// How tightly operators hold together that are none of operators.def, whose own levels are 3 to 13. Floor 2, inside
// syntax.

#ifndef VESTIGE_SYNTAX_LEVELS_H_
#define VESTIGE_SYNTAX_LEVELS_H_

namespace vestige::syntax {

constexpr int kLevelInterval = 1;     // `..`, `=>`
constexpr int kLevelConditional = 2;  // `? :`, `?as`
constexpr int kLevelCoalesce = 14;    // `??`
constexpr int kLevelPrefix = 15;      // prefix operators, postfix steps
constexpr int kLevelTypeTest = 16;    // `is`, `as`
constexpr int kLevelPipe = 17;
constexpr int kLevelPostfix = 20;

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_LEVELS_H_
