// Copying, describing, deleting and counting syntax nodes. Modules `ast` and `$`. Floor 5.

#include <string>

#include "ast/describe.h"
#include "ast/findings.h"
#include "ast/quotes.h"
#include "ast/walk.h"
#include "audit/node_report.h"
#include "builtins/ast_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "exec/context.h"

namespace vestige::builtins {

ast::Lane* LaneOf(NativeCall& call) {
  ast::Lane* lane = call.context.options().nodes;
  if (lane == nullptr) call.context.Panic("this context cannot make syntax nodes");
  return lane;
}

ast::Lane* MakingLane(runtime::ScriptContext& context) {
  ast::Lane* lane = context.options().nodes;
  if (lane == nullptr) {
    context.Panic("this context cannot make syntax nodes");
  } else if (lane->registry().is_full()) {
    context.PanicOutOfMemory(
        {.requested = sizeof(ast::NodeHeader) + sizeof(ast::TypeDecl), .used = lane->registry().bytes()}, nullptr);
    lane = nullptr;
  }
  return lane;
}

ast::NodeHeader* NodeAt(NativeCall& call, size_t index, std::string_view function) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return nullptr;
  std::string problem;
  ast::NodeHeader* header = ast::Check(lane->registry(), call.Value<const void*>(index), &problem);
  if (header == nullptr) call.context.PanicF("{}: {}", function, problem);
  return header;
}

bool TreeOf(NativeCall& call, void* node, std::string_view function, std::vector<ast::NodeHeader*>* nodes) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return false;
  std::string problem;
  // What a type links to may belong to the program.
  ast::Quotes* quotes = lane->quotes();
  const bool is_programs = quotes != nullptr && quotes->registry().Find(node) != nullptr;
  if (ast::Collect(is_programs ? quotes->registry() : lane->registry(), node, nodes, &problem)) return true;
  return call.context.PanicF("{}: {}", function, problem);
}

bool TreeAt(NativeCall& call, size_t index, std::string_view function, std::vector<ast::NodeHeader*>* nodes) {
  return TreeOf(call, call.Value<void*>(index), function, nodes);
}

namespace ast_nodes_natives {
namespace {

void Describe(NativeCall& call) {
  if (call.Value<const void*>(0) == nullptr) return;
  std::vector<ast::NodeHeader*> nodes;
  if (TreeAt(call, 0, "describe", &nodes)) ReturnText(call, ast::DescribeNode(nodes.front()));
}

void CloneNode(NativeCall& call) {
  if (call.Value<const void*>(0) == nullptr) return;
  ast::Lane* lane = MakingLane(call.context);
  std::vector<ast::NodeHeader*> nodes;
  if (lane != nullptr && TreeAt(call, 0, "clone", &nodes)) call.Return(ast::Clone(*lane, nodes));
}

void Delete(NativeCall& call, const std::vector<ast::NodeHeader*>& nodes, std::string_view function) {
  std::string problem;
  if (!ast::DeleteAll(*LaneOf(call), nodes, &problem)) call.context.PanicF("{}: {}", function, problem);
}

// The one node; types that it is made of stay.
void DeleteType(NativeCall& call) {
  if (call.Value<const void*>(0) == nullptr) return;
  if (ast::NodeHeader* header = NodeAt(call, 0, "delete_type")) Delete(call, {header}, "delete_type");
}

// With all that belongs to it.
void DeleteExpression(NativeCall& call) {
  if (call.Value<const void*>(0) == nullptr) return;
  std::vector<ast::NodeHeader*> nodes;
  if (TreeAt(call, 0, "delete_expression", &nodes)) Delete(call, nodes, "delete_expression");
}

// Natives return after a panic, so the scope ends however the block ends.
void Guard(NativeCall& call) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return;
  const ast::GuardScope guard(*lane);
  call.context.CallBlock(call.Value<const void*>(0), {}, nullptr);
}

// As a guard, but the function's body goes to the root outside.
void CollectScope(NativeCall& call) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return;
  ast::GuardScope guard(*lane);
  if (!call.context.CallBlock(call.Value<const void*>(1), {}, nullptr)) return;
  const auto* function = call.Value<const ast::Function*>(0);
  if (function == nullptr || NodeAt(call, 0, "ast_gc_collect_scope") == nullptr || function->body == nullptr) return;
  std::vector<ast::NodeHeader*> nodes;
  if (!TreeOf(call, function->body, "ast_gc_collect_scope", &nodes)) return;
  ast::Claim(nodes, guard.root(), guard.outer());
}

void ThreadRootCount(NativeCall& call) {
  if (ast::Lane* lane = LaneOf(call)) call.Return(lane->thread_root().count());
}
void ActiveRootCount(NativeCall& call) {
  if (ast::Lane* lane = LaneOf(call)) call.Return(lane->active().count());
}
// Nodes that the program itself holds count: they have ids too.
void TotalId(NativeCall& call) {
  if (ast::Lane* lane = LaneOf(call)) call.Return(uint64_t{lane->total()});
}

void Report(NativeCall& call) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return;
  audit::WriteNodeRoot(ast::FindingsOf(lane->thread_root(), ast::Which::kAll), nullptr, call.context.out());
}

// The last `max_nodes` of them.
void DetailedReport(NativeCall& call) {
  ast::Lane* lane = LaneOf(call);
  if (lane == nullptr) return;
  SyntaxNodes found = ast::FindingsOf(lane->thread_root(), ast::Which::kAll);
  const uint64_t shown = std::min<uint64_t>(call.Value<uint64_t>(0), found.nodes.size());
  found.nodes.erase(found.nodes.begin(), found.nodes.end() - static_cast<ptrdiff_t>(shown));
  audit::WriteNodeRoot(found, nullptr, call.context.out());
}

constexpr sema::NativeFunction kFunctions[] = {
#define VESTIGE_FAMILY(Name, clone)                                                  \
  {"describe", "(node : " #Name " const?) : string", &Describe, sema::kMayAllocate}, \
      {clone, "(node : " #Name " const?) : " #Name "?", &CloneNode, sema::kMayAllocate},
    {"describe_typedecl", "(node : TypeDecl const?) : string", &Describe, sema::kMayAllocate},
    {"describe_expression", "(node : Expression const?) : string", &Describe, sema::kMayAllocate},
    {"describe_function", "(node : Function const?) : string", &Describe, sema::kMayAllocate},
    VESTIGE_FAMILY(TypeDecl, "clone_type") VESTIGE_FAMILY(Expression, "clone_expression")
        VESTIGE_FAMILY(Variable, "clone_variable") VESTIGE_FAMILY(Function, "clone_function")
            VESTIGE_FAMILY(Structure, "clone_structure") VESTIGE_FAMILY(Enumeration, "clone_enumeration")
#undef VESTIGE_FAMILY
                {"delete_type", "(node : TypeDecl const?) : void", &DeleteType, sema::kUnsafe},
    {"delete_expression", "(node : Expression const?) : void", &DeleteExpression, sema::kUnsafe},
    {"ast_gc_guard", "(blk : block<() : void>) : void", &Guard, sema::kInvokesBlocks},
    {"ast_gc_collect_scope", "(fn : Function const?; blk : block<() : void>) : void", &CollectScope,
     sema::kInvokesBlocks},
};

constexpr sema::NativeFunction kCounters[] = {
    {"gc_thread_root_count", "() : uint64", &ThreadRootCount},
    {"gc_active_root_count", "() : uint64", &ActiveRootCount},
    {"gc_total_id", "() : uint64", &TotalId},
    {"gc_thread_root_report", "() : void", &Report},
    {"gc_thread_root_report_detailed", "(max_nodes : uint64 = 20ul) : void", &DetailedReport},
};

}  // namespace
}  // namespace ast_nodes_natives

constexpr sema::NativeModule kAstNodesModule = {.name = "ast", .functions = ast_nodes_natives::kFunctions};
constexpr sema::NativeModule kNodeCountModule = {.name = "$", .functions = ast_nodes_natives::kCounters};

}  // namespace vestige::builtins
