// The types of syntax nodes as scripts see them, expanded from ast/nodes.def: declarations, layouts, and the questions
// `is`, `as` and `?as`. Module `ast`. Floor 5.

#include "ast/lane.h"
#include "ast/node.h"
#include "ast/walk.h"
#include "builtins/ast_values.h"
#include "builtins/tables.h"
#include "exec/context.h"

namespace vestige::builtins {

namespace ast_module_natives {
namespace {

using sema::NativeCall;

extern const NativeType kNodeTypes[];

// new: a node on the lane's active root. The script's `at` is the place of what it stands for, if it names one.
void* MakeNode(runtime::ScriptContext& context, const NativeType& type) {
  ast::Lane* lane = MakingLane(context);
  return lane != nullptr ? lane->Make(static_cast<ast::NodeKind>(&type - kNodeTypes)) : nullptr;
}

// delete: the one node; what it refers to stays.
bool ReleaseNode(runtime::ScriptContext& context, void* node) {
  ast::Lane* lane = context.options().nodes;
  if (lane == nullptr) return context.Panic("this context cannot hold syntax nodes");
  std::string problem;
  ast::NodeHeader* header = ast::Check(lane->registry(), node, &problem);
  if (header == nullptr) return context.PanicF("delete: {}", problem);
  if (!ast::DeleteAll(*lane, {header}, &problem)) return context.PanicF("delete: {}", problem);
  return true;
}

// Where C++ has the fields, to be compared with where scripts have them.
template <typename T>
struct FieldsOf;
#define VESTIGE_NODE_ROOT(Name) \
  template <>                   \
  struct FieldsOf<ast::Name> {  \
    using Self = ast::Name;     \
    static constexpr NativeField kFields[] = {
#define VESTIGE_NODE_TEXT(name) {#name, offsetof(Self, name)},
#define VESTIGE_NODE_TEXTS(name) VESTIGE_NODE_TEXT(name)
#define VESTIGE_NODE_CHILD(name, Family) VESTIGE_NODE_TEXT(name)
#define VESTIGE_NODE_LIST(name, Family) VESTIGE_NODE_TEXT(name)
#define VESTIGE_NODE_LINK(name, Family) VESTIGE_NODE_TEXT(name)
#define VESTIGE_NODE_PLAIN(name, Type, script_type) VESTIGE_NODE_TEXT(name)
#define VESTIGE_NODE_END(Name)                                                  \
  {}                                                                            \
  }                                                                             \
  ;                                                                             \
  static constexpr std::span<const NativeField> Fields() {                      \
    return std::span<const NativeField>(kFields).first(std::size(kFields) - 1); \
  }                                                                             \
  }                                                                             \
  ;
#include "ast/nodes.def"

#define VESTIGE_NODE_ROOT(Name)             \
  {.name = #Name,                           \
   .size = sizeof(ast::Name),               \
   .align = alignof(ast::Name),             \
   .fields = FieldsOf<ast::Name>::Fields(), \
   .can_copy = false,                       \
   .make = &MakeNode,                       \
   .release = &ReleaseNode},
constexpr NativeType kNodeTypes[] = {
#include "ast/nodes.def"
};

// Whether the pointer in argument 0 is to a live node of this kind.
template <ast::NodeKind kind>
bool IsOfKind(NativeCall& call) {
  const auto* node = call.Value<const void*>(0);
  ast::Lane* lane = node != nullptr ? LaneOf(call) : nullptr;
  if (lane == nullptr) return false;
  const ast::NodeHeader* header = lane->registry().Find(node);
  return header != nullptr && header->is_alive() && header->kind == kind;
}
template <ast::NodeKind kind>
void Is(NativeCall& call) {
  call.Return(IsOfKind<kind>(call));
}
template <ast::NodeKind kind>
void As(NativeCall& call) {
  if (IsOfKind<kind>(call)) {
    call.Return(call.Value<void*>(0));
  } else if (!call.context.has_panic()) {
    call.context.PanicF("this expression is not {}", ast::InfoOf(kind).name);
  }
}
template <ast::NodeKind kind>
void SafeAs(NativeCall& call) {
  call.Return(IsOfKind<kind>(call) ? call.Value<void*>(0) : nullptr);
}

constexpr sema::NativeFunction kFunctions[] = {
#define VESTIGE_NODE_ROOT(Name)
#define VESTIGE_NODE(Name, Family)                                                                 \
  {"is`" #Name, "(expr : Expression const?) : bool", &Is<ast::NodeKind::k##Name>},                 \
      {"as`" #Name, "(var expr : Expression?) : " #Name "?", &As<ast::NodeKind::k##Name>},         \
      {"as`" #Name, "(expr : Expression const?) : " #Name " const?", &As<ast::NodeKind::k##Name>}, \
      {"?as`" #Name, "(var expr : Expression?) : " #Name "?", &SafeAs<ast::NodeKind::k##Name>},    \
      {"?as`" #Name, "(expr : Expression const?) : " #Name " const?", &SafeAs<ast::NodeKind::k##Name>},
#include "ast/nodes.def"
};

constexpr std::string_view kPrelude =
    "require rtti public\n"
    R"(
bitfield TypeDeclFlags {
    ref
    constant
    temporary
    _implicit
    removeRef
    removeConstant
    removeDim
    removeTemporary
    explicitConst
    aotAlias
    smartPtr
    smartPtrNative
    isExplicit
    isNativeDim
    isTag
    explicitRef
}
bitfield ExprGenFlags {
    alwaysSafe
    generated
    userSaidItsSafe
}
bitfield ExprPrintFlags {
    topLevel
    argLevel
    bottomLevel
}
bitfield MakeFieldDeclFlags {
    moveSemantics
    cloneSemantics
}
bitfield VariableFlags {
    init_via_move
    init_via_clone
    is_var
}
bitfield FunctionFlags {
    exports
    privateFunction
    builtIn
    init
    shutdown
    unsafeOperation
    isClassMethod
    isStaticClassMethod
    generated
    _lambda
    _generator
}
bitfield StructureFlags {
    isClass
    privateStructure
}
bitfield ExprBlockFlags {
    isClosure
}
bitfield ExprLetFlags {
    inScope
    is_var
}
bitfield ExprIfFlags {
    isStatic
}
bitfield ExprReturnFlags {
    moveSemantics
}
)"
#define VESTIGE_NODE_ROOT(Name) "struct " #Name " {\n"
#define VESTIGE_NODE(Name, Family) "struct " #Name " : " #Family " {\n"
#define VESTIGE_NODE_TEXT(name) "    " #name " : das_string\n"
#define VESTIGE_NODE_TEXTS(name) "    " #name " : dasvector`das_string\n"
#define VESTIGE_NODE_CHILD(name, Family) "    " #name " : " #Family "?\n"
#define VESTIGE_NODE_LIST(name, Family) "    " #name " : dasvector`ptr`" #Family "\n"
#define VESTIGE_NODE_LINK(name, Family) VESTIGE_NODE_CHILD(name, Family)
#define VESTIGE_NODE_PLAIN(name, Type, script_type) "    " #name " : " script_type "\n"
#define VESTIGE_NODE_END(Name) "}\n"
#include "ast/nodes.def"
    R"(
typedef ExpressionPtr = Expression?
typedef TypeDeclPtr = TypeDecl?
typedef VariablePtr = Variable?
typedef FunctionPtr = Function?
typedef StructurePtr = Structure?
typedef EnumerationPtr = Enumeration?
typedef MakeFieldDeclPtr = MakeFieldDecl?
typedef MakeStructPtr = MakeStruct?
)";

}  // namespace
}  // namespace ast_module_natives

constexpr sema::NativeModule kAstTypesModule = {.name = "ast",
                                                .alias = "daslib/ast",
                                                .functions = ast_module_natives::kFunctions,
                                                .prelude = ast_module_natives::kPrelude,
                                                .types = ast_module_natives::kNodeTypes};
constexpr sema::NativeModule kAstCoreModule = {.name = "ast_core", .prelude = "require ast public\n"};
constexpr sema::NativeModule kAstBoostModule = {
    .name = "ast_boost", .alias = "daslib/ast_boost", .prelude = "require ast public\n"};

}  // namespace vestige::builtins
