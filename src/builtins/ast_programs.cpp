// Declarations of compiled programs as trees: for_each_function and its kin. Module `ast`. Floor 5.
//
// A program keeps the trees of its declarations when the script that compiles it has module ast. A script gets copies,
// one at a time, which are its own and go behind the block; what it wants to keep it clones.

#include <string>
#include <vector>

#include "ast/quotes.h"
#include "ast/walk.h"
#include "builtins/ast_values.h"
#include "builtins/rtti_parts.h"
#include "builtins/tables.h"
#include "builtins/text.h"

namespace vestige::builtins {

namespace ast_programs_natives {
namespace {

using runtime::Argument;
using types::DescribedFunction;
using types::DescribedModule;
using types::DescribedVariable;

// Those of the module in argument 0. Null after a panic.
const ast::Quotes* TreesOf(NativeCall& call, const LivePart<DescribedModule>& module) {
  runtime::ProgramMaker* programs = call.context.options().programs;
  const ast::Quotes* trees = programs != nullptr ? programs->TreesOf(*module.in) : nullptr;
  if (trees != nullptr && trees->wants_declarations()) return trees;
  call.context.Panic("no syntax is kept of this module: only of programs that a script with module ast compiles");
  return nullptr;
}

// Calls the block at argument `block` with a copy of the tree. False when there is a panic.
bool CallWithCopy(NativeCall& call, size_t block, void* tree) {
  ast::Lane* lane = tree != nullptr ? MakingLane(call.context) : nullptr;
  if (lane == nullptr) return tree == nullptr;
  std::vector<ast::NodeHeader*> nodes;
  std::string problem;
  if (!ast::CollectWithLinks(ast::NodeHeader::Of(tree)->lane->registry(), tree, &nodes, &problem)) {
    return call.context.Panic(problem);
  }
  ast::OwnRoot own(*lane);
  void* copy = nullptr;
  {
    const ast::ActiveScope scope(*lane, own.root());
    copy = ast::Clone(*lane, nodes, true);
  }
  const Argument arguments[] = {Argument::Value(copy)};
  return call.context.CallBlock(call.Value<const void*>(block), arguments, nullptr);
}

// Those with the name in argument 1; all when it is empty.
template <auto kMember>
void ForEachFunction(NativeCall& call) {
  const auto module = PartAt<DescribedModule>(call, 0);
  const ast::Quotes* trees = module ? TreesOf(call, module) : nullptr;
  if (trees == nullptr) return;
  const std::string name(StringAt(call, 1));
  for (const DescribedFunction& function : module.part->*kMember) {
    if (!name.empty() && function.name.text() != name) continue;
    if (!CallWithCopy(call, 2, trees->Known(&function))) return;
  }
}

// Types are known by what they are, variables by what describes them. A bitfield is a type, not an enumeration.
const void* KeyOf(const types::StructInfo* info) { return info; }
const void* KeyOf(const types::EnumInfo* info) { return info->flag_count == 0 ? info : nullptr; }
const void* KeyOf(const DescribedVariable& variable) { return &variable; }

template <auto kMember>
void ForEachOf(NativeCall& call) {
  const auto module = PartAt<DescribedModule>(call, 0);
  const ast::Quotes* trees = module ? TreesOf(call, module) : nullptr;
  if (trees == nullptr) return;
  for (const auto& part : module.part->*kMember) {
    if (!CallWithCopy(call, 1, trees->Known(KeyOf(part)))) return;
  }
}

constexpr sema::NativeFunction kFunctions[] = {
    {"for_each_function", "(mod : Module const?; name : string; blk : block<(var func : Function?) : void>) : void",
     &ForEachFunction<&DescribedModule::functions>, sema::kInvokesBlocks},
    {"for_each_generic", "(mod : Module const?; name : string; blk : block<(var func : Function?) : void>) : void",
     &ForEachFunction<&DescribedModule::generics>, sema::kInvokesBlocks},
    {"for_each_structure", "(mod : Module const?; blk : block<(var st : Structure?) : void>) : void",
     &ForEachOf<&DescribedModule::structs>, sema::kInvokesBlocks},
    {"for_each_enumeration", "(mod : Module const?; blk : block<(var en : Enumeration?) : void>) : void",
     &ForEachOf<&DescribedModule::enums>, sema::kInvokesBlocks},
    {"for_each_global", "(mod : Module const?; blk : block<(var value : Variable?) : void>) : void",
     &ForEachOf<&DescribedModule::globals>, sema::kInvokesBlocks},
    {"for_each_module", "(program : smart_ptr<Program>; blk : block<(mod : Module?) : void>) : void",
     &ForEachModuleOfProgram, sema::kInvokesBlocks},
};

}  // namespace
}  // namespace ast_programs_natives

constexpr sema::NativeModule kAstProgramsModule = {.name = "ast", .functions = ast_programs_natives::kFunctions};

}  // namespace vestige::builtins
