// The lists that syntax nodes have: `dasvector`ptr`Expression` and its kin. They belong to their node. Module `ast`.
// Floor 5.

#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "ast/node.h"
#include "builtins/tables.h"
#include "builtins/text.h"
#include "exec/context.h"
#include "runtime/iterator.h"

namespace vestige::builtins {

namespace ast_lists_natives {
namespace {

using ast::List;
using ast::Text;
using ast::TextList;

size_t SizeOf(const List& list) { return list.span().size(); }
size_t SizeOf(const TextList& list) { return list.span().size(); }
void* AddressOf(const List& list, size_t index) { return &list.items->values[index]; }
void* AddressOf(const TextList& list, size_t index) { return &list.items->values[index]; }
void RemoveAt(List& list, size_t index) {
  std::vector<void*>& nodes = ast::Change(list);
  nodes.erase(nodes.begin() + static_cast<ptrdiff_t>(index));
}
void RemoveAt(TextList& list, size_t index) {
  std::vector<Text>& texts = ast::Change(list);
  texts[index].Destroy();
  texts.erase(texts.begin() + static_cast<ptrdiff_t>(index));
}

template <typename L>
void Length(NativeCall& call) {
  call.Return(static_cast<int32_t>(SizeOf(call.Reference<L>(0))));
}
template <typename L>
void IsEmpty(NativeCall& call) {
  call.Return(SizeOf(call.Reference<L>(0)) == 0);
}

// True when there is such an element.
template <typename L>
bool HasElement(NativeCall& call, int32_t index) {
  const size_t size = SizeOf(call.Reference<L>(0));
  if (index >= 0 && static_cast<size_t>(index) < size) return true;
  return call.context.PanicF("vector index out of range, {} of {}", index, size);
}

template <typename L>
void At(NativeCall& call) {
  const auto index = call.Value<int32_t>(1);
  if (HasElement<L>(call, index)) call.Return(AddressOf(call.Reference<L>(0), static_cast<size_t>(index)));
}
template <typename L>
void Back(NativeCall& call) {
  const auto last = static_cast<int32_t>(SizeOf(call.Reference<L>(0))) - 1;
  if (HasElement<L>(call, last)) call.Return(AddressOf(call.Reference<L>(0), static_cast<size_t>(last)));
}
template <typename L>
void Pop(NativeCall& call) {
  const auto last = static_cast<int32_t>(SizeOf(call.Reference<L>(0))) - 1;
  if (HasElement<L>(call, last)) RemoveAt(call.Reference<L>(0), static_cast<size_t>(last));
}
template <typename L>
void Erase(NativeCall& call) {
  const auto index = call.Value<int32_t>(1);
  if (HasElement<L>(call, index)) RemoveAt(call.Reference<L>(0), static_cast<size_t>(index));
}
void ClearNodes(NativeCall& call) { ast::DestroyList(call.Reference<List>(0)); }
void ClearTexts(NativeCall& call) { ast::DestroyTexts(call.Reference<TextList>(0)); }

void PushNode(NativeCall& call) { ast::Append(call.Reference<List>(0), call.Value<void*>(1)); }
// The variable forgets the node, as a move does.
void EmplaceNode(NativeCall& call) {
  auto*& node = call.Reference<void*>(1);
  ast::Append(call.Reference<List>(0), node);
  node = nullptr;
}
void PushText(NativeCall& call) { ast::Append(call.Reference<TextList>(0), StringAt(call, 1)); }

void InsertNode(NativeCall& call) {
  auto& list = call.Reference<List>(0);
  const auto at = call.Value<int32_t>(2);
  if (at < 0 || static_cast<size_t>(at) > SizeOf(list)) {
    call.context.PanicF("vector insert index out of range, {} of {}", at, SizeOf(list));
    return;
  }
  std::vector<void*>& nodes = ast::Change(list);
  nodes.insert(nodes.begin() + at, call.Value<void*>(1));
}
void ResizeNodes(NativeCall& call) {
  constexpr int32_t kMaxSize = 1 << 24;
  auto& list = call.Reference<List>(0);
  const auto size = call.Value<int32_t>(1);
  if (size < 0 || size > kMaxSize) {
    call.context.PanicF("can't resize a vector to {} elements", size);
    return;
  }
  ast::Change(list).resize(static_cast<size_t>(size));
}

// Elements by address: those that the list has when the loop begins.
template <typename L>
class EachElement final : public runtime::Iterator {
 public:
  EachElement(uint32_t bytes, const L& list) : Iterator(bytes, true), items_(list.items) {
    if (items_ != nullptr) ++items_->users;
  }
  bool First(runtime::ScriptContext& context, void* place) override { return Next(context, place); }
  bool Next(runtime::ScriptContext&, void* place) override {
    if (items_ == nullptr || next_ >= items_->values.size()) return false;
    void* address = &items_->values[next_++];
    std::memcpy(place, &address, sizeof(address));
    return true;
  }
  void Close(runtime::ScriptContext&) override { ast::Drop(std::exchange(items_, nullptr)); }

 private:
  decltype(L::items) items_;
  size_t next_ = 0;
};

template <typename L>
void Each(NativeCall& call) {
  call.Return(static_cast<runtime::Iterator*>(
      runtime::NewIterator<EachElement<L>>(call.context, memory::Comment::kIterator, call.Reference<L>(0))));
}

constexpr sema::NativeFunction kFunctions[] = {
#define VESTIGE_ANY_LIST(L, Name, Element)                                                                          \
  {"length", "(list : " Name ") : int", &Length<L>}, {"empty", "(list : " Name ") : bool", &IsEmpty<L>},            \
      {"[]", "(var list : " Name "; index : int) : " Element "&", &At<L>},                                          \
      {"[]", "(list : " Name "; index : int) : " Element " const&", &At<L>},                                        \
      {"back", "(var list : " Name ") : " Element "&", &Back<L>}, {"pop", "(var list : " Name ") : void", &Pop<L>}, \
      {"erase", "(var list : " Name "; index : int) : void", &Erase<L>},                                            \
      {"each", "(var list : " Name ") : iterator<" Element "&>", &Each<L>, sema::kMayAllocate},                     \
      {"each", "(list : " Name ") : iterator<" Element " const&>", &Each<L>, sema::kMayAllocate},
#define VESTIGE_NODE_LIST_OF(Family)                                                                           \
  VESTIGE_ANY_LIST(List, "dasvector`ptr`" #Family, #Family "?"){                                               \
      "push", "(var list : dasvector`ptr`" #Family "; node : " #Family "?) : void", &PushNode},                \
      {"push_clone", "(var list : dasvector`ptr`" #Family "; node : " #Family "?) : void", &PushNode},         \
      {"emplace", "(var list : dasvector`ptr`" #Family "; var node : " #Family "?&) : void", &EmplaceNode},    \
      {"insert", "(var list : dasvector`ptr`" #Family "; node : " #Family "?; at : int) : void", &InsertNode}, \
      {"resize", "(var list : dasvector`ptr`" #Family "; size : int) : void", &ResizeNodes},                   \
      {"clear", "(var list : dasvector`ptr`" #Family ") : void", &ClearNodes},
    VESTIGE_NODE_LIST_OF(Expression) VESTIGE_NODE_LIST_OF(Variable) VESTIGE_NODE_LIST_OF(TypeDecl)
        VESTIGE_NODE_LIST_OF(MakeFieldDecl) VESTIGE_NODE_LIST_OF(MakeStruct)
            VESTIGE_ANY_LIST(TextList, "dasvector`das_string", "das_string"){
                "push", "(var list : dasvector`das_string; text : string) : void", &PushText},
    {"clear", "(var list : dasvector`das_string) : void", &ClearTexts},
#undef VESTIGE_NODE_LIST_OF
#undef VESTIGE_ANY_LIST
};

void DestroyNodes(void* value) { ast::DestroyList(*static_cast<List*>(value)); }
void DestroyTexts(void* value) { ast::DestroyTexts(*static_cast<TextList*>(value)); }
// The nodes are shared, not copied.
void CloneNodes(void* to, const void* from) {
  const List source = *static_cast<const List*>(from);
  if (to == from) return;
  DestroyNodes(to);
  for (void* node : source.span()) ast::Append(*static_cast<List*>(to), node);
}
void CloneTexts(void* to, const void* from) {
  if (to == from) return;
  DestroyTexts(to);
  for (const Text& text : static_cast<const TextList*>(from)->span()) {
    ast::Append(*static_cast<TextList*>(to), text.view());
  }
}

constexpr NativeType NodeListType(std::string_view name) {
  return {.name = name,
          .size = sizeof(List),
          .align = alignof(List),
          .can_copy = false,
          .destroy = &DestroyNodes,
          .clone = &CloneNodes};
}

constexpr NativeType kTypes[] = {
    NodeListType("dasvector`ptr`Expression"),
    NodeListType("dasvector`ptr`Variable"),
    NodeListType("dasvector`ptr`TypeDecl"),
    NodeListType("dasvector`ptr`MakeFieldDecl"),
    NodeListType("dasvector`ptr`MakeStruct"),
    {.name = "dasvector`das_string",
     .size = sizeof(TextList),
     .align = alignof(TextList),
     .can_copy = false,
     .destroy = &DestroyTexts,
     .clone = &CloneTexts},
};

constexpr std::string_view kPrelude = R"(
struct dasvector`ptr`Expression { }
struct dasvector`ptr`Variable { }
struct dasvector`ptr`TypeDecl { }
struct dasvector`ptr`MakeFieldDecl { }
struct dasvector`ptr`MakeStruct { }
struct dasvector`das_string { }
)";

}  // namespace
}  // namespace ast_lists_natives

constexpr sema::NativeModule kAstListsModule = {.name = "ast",
                                                .functions = ast_lists_natives::kFunctions,
                                                .prelude = ast_lists_natives::kPrelude,
                                                .types = ast_lists_natives::kTypes};

}  // namespace vestige::builtins
