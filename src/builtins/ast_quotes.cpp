// What quoted code runs: a copy of a tree of the program, and values put into its holes. sema/quote.cpp writes the
// calls. Modules `ast` and `templates_boost`. Floor 5.

#include <algorithm>
#include <cstring>
#include <string>

#include "ast/quotes.h"
#include "ast/walk.h"
#include "builtins/ast_values.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "exec/context.h"
#include "runtime/array.h"

namespace vestige::builtins {

namespace ast_quotes_natives {
namespace {

using ast::NodeHeader;
using ast::NodeKind;

template <typename T>
T* As(NodeHeader* header) {
  return header->kind == ast::KindOfNode<T>::kValue ? static_cast<T*>(header->node()) : nullptr;
}

void Open(NativeCall& call) {
  ast::Lane* lane = MakingLane(call.context);
  if (lane == nullptr) return;
  void* tree = lane->quotes() != nullptr ? lane->quotes()->Tree(call.Value<int32_t>(0)) : nullptr;
  std::vector<NodeHeader*> nodes;
  std::string problem;
  if (tree == nullptr || !ast::Collect(lane->quotes()->registry(), tree, &nodes, &problem)) {
    call.context.Panic("this program holds no such code");
    return;
  }
  call.Return(ast::Clone(*lane, nodes, true));
}

// One hole of the tree that argument 0 points at: its tag, and the node that the tag hangs on.
struct Hole {
  NodeHeader* tag = nullptr;
  NodeHeader* parent = nullptr;  // null: the tag is the whole tree
  void** slot = nullptr;         // in the parent
};

class Filler {
 public:
  explicit Filler(NativeCall& call) : call_(call), root_(call.Value<void*>(0)) {}

  // Looks for the hole; false after a panic.
  bool Find() {
    lane_ = LaneOf(call_);
    if (lane_ == nullptr || !TreeAt(call_, 0, "qmacro", &nodes_)) return false;
    const auto number = call_.Value<int32_t>(1);
    for (NodeHeader* header : nodes_) {
      const auto* tag = As<ast::ExprTag>(header);
      if (tag == nullptr || tag->hole != number) continue;
      hole_.tag = header;
      hole_.parent = ParentOf(header, &hole_.slot);
      return true;
    }
    return call_.context.Panic("qmacro: the code has no such place");
  }

  // A copy of `tree` in place of `old`, which goes.
  bool Replace(NodeHeader* old, void* tree) {
    void* copy = nullptr;
    if (tree != nullptr && !CopyOf(tree, &copy)) return false;
    Put(old, copy);
    return true;
  }
  // The node itself.
  void Put(NodeHeader* old, void* node) {
    void** slot = nullptr;
    if (ParentOf(old, &slot) != nullptr) {
      *slot = node;
    } else {
      root_ = node;
    }
    lane_->Delete(old);
  }
  bool CopyOf(void* tree, void** copy) {
    std::vector<NodeHeader*> nodes;
    if (!TreeOf(call_, tree, "qmacro", &nodes)) return false;
    *copy = ast::Clone(*lane_, nodes);
    return true;
  }
  // Copies of `trees` in place of one element of a list. False after a panic.
  bool Splice(NodeHeader* old, std::span<void* const> trees) {
    std::vector<void*> copies;
    for (void* tree : trees) {
      void* copy = nullptr;
      if (tree != nullptr && !CopyOf(tree, &copy)) return false;
      copies.push_back(copy);
    }
    void** slot = nullptr;
    NodeHeader* parent = ParentOf(old, &slot);
    std::vector<void*>* items = parent != nullptr ? ListOf(parent, slot) : nullptr;
    if (items == nullptr) return call_.context.Panic("qmacro: a list can't be put here");
    const auto at = items->begin() + (slot - items->data());
    items->insert(items->erase(at), copies.begin(), copies.end());
    lane_->Delete(old);
    return true;
  }

  NodeHeader* ParentOf(NodeHeader* child, void*** slot) {
    NodeHeader* parent = nullptr;
    for (NodeHeader* header : nodes_) {
      if (!header->is_alive()) continue;
      ast::EachChild(header, [&](void** at) {
        if (*at != child->node()) return;
        parent = header;
        *slot = at;
      });
    }
    return parent;
  }
  static std::vector<void*>* ListOf(NodeHeader* parent, void** slot) {
    for (const ast::FieldInfo& field : ast::InfoOf(parent->kind).fields) {
      if (field.form != ast::FieldForm::kList) continue;
      auto* list = reinterpret_cast<ast::List*>(static_cast<char*>(parent->node()) + field.offset);
      if (list->items == nullptr) continue;
      std::vector<void*>& nodes = list->items->values;
      if (slot >= nodes.data() && slot < nodes.data() + nodes.size()) return &nodes;
    }
    return nullptr;
  }

  const Hole& hole() const { return hole_; }
  ast::Lane& lane() { return *lane_; }
  void Return() { call_.Return(root_); }

 private:
  NativeCall& call_;
  ast::Lane* lane_ = nullptr;
  void* root_;
  std::vector<NodeHeader*> nodes_;
  Hole hole_;
};

void FillExpression(NativeCall& call) {
  Filler filler(call);
  if (filler.Find() && filler.Replace(filler.hole().tag, call.Value<void*>(2))) filler.Return();
}

// Constants, as $v says them.
template <typename Node, typename T>
void FillNumber(NativeCall& call) {
  Filler filler(call);
  if (!filler.Find()) return;
  auto* constant = filler.lane().Make<Node>();
  constant->base.at = static_cast<ast::ExprTag*>(filler.hole().tag->node())->base.at;
  constant->value = call.Value<T>(2);
  filler.Put(filler.hole().tag, constant);
  filler.Return();
}
void FillText(NativeCall& call) {
  Filler filler(call);
  if (!filler.Find()) return;
  auto* constant = filler.lane().Make<ast::ExprConstString>();
  constant->base.at = static_cast<ast::ExprTag*>(filler.hole().tag->node())->base.at;
  constant->value.Assign(StringAt(call, 2));
  filler.Put(filler.hole().tag, constant);
  filler.Return();
}

// The name that the tag stands for; null when the parent has none.
ast::Text* NameOf(NodeHeader* parent) {
  for (const ast::FieldInfo& field : ast::InfoOf(parent->kind).fields) {
    const std::string_view name = field.name;
    if (field.form == ast::FieldForm::kText && (name == "name" || name == "target")) {
      return reinterpret_cast<ast::Text*>(static_cast<char*>(parent->node()) + field.offset);
    }
  }
  return nullptr;
}

bool IsTagField(const NodeHeader* parent, void** slot) {
  for (const ast::FieldInfo& field : ast::InfoOf(parent->kind).fields) {
    const auto* at = reinterpret_cast<const char*>(slot);
    if (at == static_cast<const char*>(const_cast<NodeHeader*>(parent)->node()) + field.offset) {
      return std::string_view(field.name) == "tag";
    }
  }
  return false;
}

// $i(name): a variable, or the name of whatever is declared there. $f and $c: names always.
void FillName(NativeCall& call) {
  Filler filler(call);
  if (!filler.Find()) return;
  const Hole& hole = filler.hole();
  const std::string_view name = StringAt(call, 2);
  if (hole.parent != nullptr && IsTagField(hole.parent, hole.slot)) {
    if (ast::Text* text = NameOf(hole.parent)) text->Assign(name);
    filler.Put(hole.tag, nullptr);
    return filler.Return();
  }
  auto* loop = hole.parent != nullptr ? As<ast::ExprFor>(hole.parent) : nullptr;
  const auto tags = loop != nullptr ? loop->iteratorsTags.span() : std::span<void* const>();
  if (!tags.empty() && hole.slot >= tags.data() && hole.slot < tags.data() + tags.size()) {
    loop->iterators.items->values[static_cast<size_t>(hole.slot - tags.data())].Assign(name);
    filler.Put(hole.tag, nullptr);
    return filler.Return();
  }
  auto* variable = filler.lane().Make<ast::ExprVar>();
  variable->base.at = static_cast<ast::ExprTag*>(hole.tag->node())->base.at;
  variable->name.Assign(name);
  filler.Put(hole.tag, variable);
  filler.Return();
}

// The name of the tree itself.
void FillOwnName(NativeCall& call) {
  NodeHeader* root = NodeAt(call, 0, "qmacro");
  if (root == nullptr) return;
  if (ast::Text* text = NameOf(root)) text->Assign(StringAt(call, 2));
  call.Return(root->node());
}

// $t(type): its qualifiers add to those written behind it.
void FillType(NativeCall& call) {
  Filler filler(call);
  if (!filler.Find()) return;
  NodeHeader* holder = filler.hole().parent;
  const auto* written = holder != nullptr ? As<ast::TypeDecl>(holder) : nullptr;
  if (written == nullptr || call.Value<void*>(2) == nullptr) {
    call.context.Panic("qmacro: $t needs a type");
    return;
  }
  void* copy = nullptr;
  if (!filler.CopyOf(call.Value<void*>(2), &copy)) return;
  static_cast<ast::TypeDecl*>(copy)->flags |= written->flags & ~static_cast<uint32_t>(ast::kTypeTag);
  filler.Put(filler.hole().tag, nullptr);
  filler.Put(holder, copy);
  filler.Return();
}

// $a(list), $b(list): the elements instead of the one tag, or of the parameter that the tag stands for.
void Splice(NativeCall& call, std::span<void* const> trees) {
  Filler filler(call);
  if (!filler.Find()) return;
  const Hole& hole = filler.hole();
  NodeHeader* old = hole.tag;
  if (hole.parent != nullptr && hole.parent->kind == NodeKind::kVariable) {
    old = hole.parent;
    filler.Put(hole.tag, nullptr);
  }
  if (filler.Splice(old, trees)) filler.Return();
}
void SpliceArray(NativeCall& call) {
  const auto& array = call.Reference<const runtime::Array>(2);
  const std::vector<void*> trees(reinterpret_cast<void* const*>(array.data),
                                 reinterpret_cast<void* const*>(array.data) + array.size);
  Splice(call, trees);
}
void SpliceList(NativeCall& call) {
  const std::span<void* const> items = call.Reference<const ast::List>(2).span();
  Splice(call, std::vector<void*>(items.begin(), items.end()));
}

// push_block_list(list, block): copies of the block's statements at the end of the list.
void PushBlockList(NativeCall& call) {
  void* tree = call.Value<void*>(1);
  ast::Lane* lane = tree != nullptr ? MakingLane(call.context) : nullptr;
  NodeHeader* root = lane != nullptr ? NodeAt(call, 1, "push_block_list") : nullptr;
  if (root == nullptr) return;
  const auto* block = As<ast::ExprBlock>(root);
  if (block == nullptr) {
    call.context.Panic("push_block_list: this is not a block");
    return;
  }
  auto& array = call.Reference<runtime::Array>(0);
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types[0]->unqualified);
  for (void* statement : block->list.span()) {
    std::vector<NodeHeader*> nodes;
    if (statement != nullptr && !TreeOf(call, statement, "push_block_list", &nodes)) return;
    if (!runtime::ResizeArray(call.context, array, int64_t{array.size} + 1, shape, true)) return;
    void* copy = statement != nullptr ? ast::Clone(*lane, nodes) : nullptr;
    std::memcpy(array.data + (array.size - 1) * sizeof(void*), &copy, sizeof(copy));
  }
}

void Result(NativeCall& call) { call.Return(call.Value<void*>(0)); }

// The statements of the block; the block itself goes.
void Statements(NativeCall& call) {
  NodeHeader* root = NodeAt(call, 0, "qmacro_block_to_array");
  auto* block = root != nullptr ? As<ast::ExprBlock>(root) : nullptr;
  if (block == nullptr) return;
  const std::span<void* const> items = block->list.span();
  auto& array = *reinterpret_cast<runtime::Array*>(call.result);
  const runtime::ArrayShape shape = runtime::ShapeOfArray(call.types.back());
  if (!runtime::ResizeArray(call.context, array, static_cast<int64_t>(items.size()), shape, true)) return;
  if (!items.empty()) std::memcpy(array.data, items.data(), items.size() * sizeof(void*));
  LaneOf(call)->Delete(root);
}

constexpr sema::NativeFunction kFunctions[] = {
    {"quote", "(tree : int) : void?", &Open, sema::kMayAllocate},
    {"__quote_expression", "(root : void?) : Expression?", &Result},
    {"__quote_type", "(root : void?) : TypeDecl?", &Result},
};

constexpr sema::NativeFunction kFillers[] = {
    {"__quote_function", "(root : void?) : Function?", &Result},
    {"__quote_variable", "(root : void?) : Variable?", &Result},
    {"__quote_statements", "(root : void?) : array<Expression?>", &Statements, sema::kMayAllocate},
    {"push_block_list", "(var list : array<Expression?>; block_ : Expression const?) : void", &PushBlockList,
     sema::kMayAllocate},
    {"__quote_e", "(root : void?; hole : int; value : Expression const?) : void?", &FillExpression},
    {"__quote_v", "(root : void?; hole : int; value : int) : void?", &FillNumber<ast::ExprConstInt, int32_t>},
    {"__quote_v", "(root : void?; hole : int; value : uint) : void?", &FillNumber<ast::ExprConstUInt, uint32_t>},
    {"__quote_v", "(root : void?; hole : int; value : uint8) : void?", &FillNumber<ast::ExprConstUInt8, uint8_t>},
    {"__quote_v", "(root : void?; hole : int; value : int64) : void?", &FillNumber<ast::ExprConstInt64, int64_t>},
    {"__quote_v", "(root : void?; hole : int; value : uint64) : void?", &FillNumber<ast::ExprConstUInt64, uint64_t>},
    {"__quote_v", "(root : void?; hole : int; value : float) : void?", &FillNumber<ast::ExprConstFloat, float>},
    {"__quote_v", "(root : void?; hole : int; value : double) : void?", &FillNumber<ast::ExprConstDouble, double>},
    {"__quote_v", "(root : void?; hole : int; value : bool) : void?", &FillNumber<ast::ExprConstBool, bool>},
    {"__quote_v", "(root : void?; hole : int; value : string) : void?", &FillText},
    {"__quote_i", "(root : void?; hole : int; name : string) : void?", &FillName},
    {"__quote_f", "(root : void?; hole : int; name : string) : void?", &FillName},
    {"__quote_c", "(root : void?; hole : int; name : string) : void?", &FillName},
    {"__quote_n", "(root : void?; hole : int; name : string) : void?", &FillOwnName},
    {"__quote_t", "(root : void?; hole : int; type_ : TypeDecl const?) : void?", &FillType},
    {"__quote_a", "(root : void?; hole : int; list : array<Expression?>) : void?", &SpliceArray},
    {"__quote_a", "(root : void?; hole : int; list : array<Variable?>) : void?", &SpliceArray},
    {"__quote_a", "(root : void?; hole : int; list : dasvector`ptr`Expression) : void?", &SpliceList},
    {"__quote_a", "(root : void?; hole : int; list : dasvector`ptr`Variable) : void?", &SpliceList},
    {"__quote_b", "(root : void?; hole : int; list : array<Expression?>) : void?", &SpliceArray},
    {"__quote_b", "(root : void?; hole : int; list : dasvector`ptr`Expression) : void?", &SpliceList},
};

}  // namespace
}  // namespace ast_quotes_natives

constexpr sema::NativeModule kAstQuotesModule = {.name = "ast", .functions = ast_quotes_natives::kFunctions};
constexpr sema::NativeModule kTemplatesBoostModule = {.name = "templates_boost",
                                                      .alias = "daslib/templates_boost",
                                                      .functions = ast_quotes_natives::kFillers,
                                                      .prelude = "require ast public\n"};

}  // namespace vestige::builtins
