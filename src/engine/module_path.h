// Where required modules are looked for: the rules, without touching a file. Floor 6.
//
// A target is what stands after `require`. In this order:
//
//   ./x.das, ../x.das   the folder of the requiring file, nowhere else
//   %/a/x.das           the root folder, nowhere else; it may not lead out of it
//   a/x, a.x            a/x.das in the folder of the requiring file, then ROOT/a/x.das, ROOT/modules/a/x.das and
//                       ROOT/modules/a/daslib/x.das, then the module a/x.das in the executable
//
// What is found nowhere here may still be a native module of the engine.

#ifndef VESTIGE_ENGINE_MODULE_PATH_H_
#define VESTIGE_ENGINE_MODULE_PATH_H_

#include <string>
#include <string_view>
#include <vector>

namespace vestige::engine {

// One path for one file, as far as text can tell; links are not followed, because messages name paths as written.
std::string NormalisedPath(std::string_view path);

// The files `target` may be, first choice first. `requiring` is the path of the requiring file, `root` the root folder;
// without one (empty) there are no files below it. Empty when the target can be no file.
std::vector<std::string> ModulePaths(std::string_view target, std::string_view requiring, std::string_view root);

}  // namespace vestige::engine

#endif  // VESTIGE_ENGINE_MODULE_PATH_H_
