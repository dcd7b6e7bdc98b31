#include "ast/node.h"

#include <iterator>
#include <type_traits>
#include <utility>

namespace vestige::ast {

namespace {

// Places are plain to scripts, but name a file.
template <typename T>
constexpr FieldForm FormOf(FieldForm form) {
  return std::is_same_v<T, LineInfo> ? FieldForm::kPlace : form;
}

// One table of fields for each kind, ended by an entry without a name, as no array is empty.
template <typename T>
struct FieldsOf;
#define VESTIGE_NODE_ROOT(Name) \
  template <>                   \
  struct FieldsOf<Name> {       \
    using Self = Name;          \
    static constexpr FieldInfo kFields[] = {
#define VESTIGE_NODE_FIELD(name, form) \
  {#name, offsetof(Self, name), FormOf<decltype(Self::name)>(FieldForm::form), sizeof(Self::name)},
#define VESTIGE_NODE_TEXT(name) VESTIGE_NODE_FIELD(name, kText)
#define VESTIGE_NODE_TEXTS(name) VESTIGE_NODE_FIELD(name, kTexts)
#define VESTIGE_NODE_CHILD(name, Family) VESTIGE_NODE_FIELD(name, kChild)
#define VESTIGE_NODE_LIST(name, Family) VESTIGE_NODE_FIELD(name, kList)
#define VESTIGE_NODE_LINK(name, Family) VESTIGE_NODE_FIELD(name, kLink)
#define VESTIGE_NODE_PLAIN(name, Type, script_type) VESTIGE_NODE_FIELD(name, kPlain)
#define VESTIGE_NODE_END(Name)         \
  { nullptr, 0, FieldForm::kPlain, 0 } \
  }                                    \
  ;                                    \
  }                                    \
  ;
#include "ast/nodes.def"
#undef VESTIGE_NODE_FIELD

template <typename T, NodeKind family>
constexpr KindInfo MakeInfo(const char* name) {
  constexpr std::span<const FieldInfo> kAll(FieldsOf<T>::kFields);
  return {name, sizeof(T), family, kAll.first(kAll.size() - 1)};
}

constexpr KindInfo kKinds[] = {
#define VESTIGE_NODE_ROOT(Name) MakeInfo<Name, NodeKind::k##Name>(#Name),
#define VESTIGE_NODE(Name, Family) MakeInfo<Name, NodeKind::k##Family>(#Name),
#include "ast/nodes.def"
};

constexpr std::string_view kBaseTypeWords[] = {
#define VESTIGE_BASE_TYPE(name, word) word,
#include "ast/base_types.def"
};

}  // namespace

std::span<const KindInfo> Kinds() { return kKinds; }

const KindInfo& InfoOf(NodeKind kind) { return kKinds[static_cast<size_t>(kind)]; }

std::string_view BaseTypeWord(BaseType type) {
  const auto index = static_cast<size_t>(type);
  return index < std::size(kBaseTypeWords) ? kBaseTypeWords[index] : std::string_view();
}

BaseType BaseTypeOfWord(std::string_view word) {
  for (size_t i = 0; i < std::size(kBaseTypeWords) && !word.empty(); ++i) {
    if (kBaseTypeWords[i] == word) return static_cast<BaseType>(i);
  }
  return BaseType::none;
}

std::vector<void*>& Change(List& list) {
  if (list.items == nullptr) {
    list.items = new Items<void*>();
  } else if (list.items->users > 1) {
    auto* own = new Items<void*>{.values = list.items->values};
    Drop(std::exchange(list.items, own));
  }
  return list.items->values;
}

std::vector<Text>& Change(TextList& list) {
  if (list.items == nullptr) {
    list.items = new Items<Text>();
  } else if (list.items->users > 1) {
    auto* own = new Items<Text>();
    own->values.resize(list.items->values.size());
    for (size_t i = 0; i < own->values.size(); ++i) own->values[i].Assign(list.items->values[i].view());
    Drop(std::exchange(list.items, own));
  }
  return list.items->values;
}

void Drop(Items<void*>* items) {
  if (items != nullptr && --items->users == 0) delete items;
}

void Drop(Items<Text>* items) {
  if (items == nullptr || --items->users != 0) return;
  for (Text& text : items->values) text.Destroy();
  delete items;
}

void Append(List& list, void* node) { Change(list).push_back(node); }

void Append(TextList& list, std::string_view text) {
  std::vector<Text>& values = Change(list);
  values.push_back({});
  values.back().Assign(text);
}

void DestroyList(List& list) { Drop(std::exchange(list.items, nullptr)); }
void DestroyTexts(TextList& list) { Drop(std::exchange(list.items, nullptr)); }

}  // namespace vestige::ast
