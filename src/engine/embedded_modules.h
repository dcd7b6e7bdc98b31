// Script modules that are part of the executable: the files below modules/, compiled in by embed.cmake, so that a
// copied binary needs no files beside it. Floor 6.

#ifndef VESTIGE_ENGINE_EMBEDDED_MODULES_H_
#define VESTIGE_ENGINE_EMBEDDED_MODULES_H_

#include <span>
#include <string_view>

namespace vestige::engine {

// Text of one module, valid for ever.
struct EmbeddedModule {
  std::string_view path;  // below modules/: "dastest/testing.das"
  std::string_view text;
};

// Sorted by path.
std::span<const EmbeddedModule> EmbeddedModules();

// What messages put before the path of an embedded module. No path of the file system begins like it.
inline constexpr std::string_view kEmbeddedRoot = "<modules>/";

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_EMBEDDED_MODULES_H_
