// Syntax nodes as scripts hold them: plain structs that C++ and scripts share, expanded from nodes.def.
//
// A node is made by a Lane (lane.h) and lies behind its NodeHeader; nothing else makes one. Its first fields are those
// of its family, so a pointer to a kind is a pointer to the family. Zeros are a value of every field. Floor 2.

#ifndef VESTIGE_AST_NODE_H_
#define VESTIGE_AST_NODE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/host_string.h"

namespace vestige::ast {

// What a TypeDecl can be; the script's `Type`.
enum class BaseType : int32_t {
#define VESTIGE_BASE_TYPE(name, word) name,
#include "ast/base_types.def"
};
// As descriptions spell it; empty for those with a form of their own.
std::string_view BaseTypeWord(BaseType type);
// The one with this word; none when there is none.
BaseType BaseTypeOfWord(std::string_view word);

// Bits of TypeDecl::flags, in the order of the script's TypeDeclFlags.
enum TypeFlag : uint32_t {
  kTypeRef = 1 << 0,
  kTypeConstant = 1 << 1,
  kTypeTemporary = 1 << 2,
  kTypeImplicit = 1 << 3,
  kTypeRemoveRef = 1 << 4,
  kTypeRemoveConstant = 1 << 5,
  kTypeRemoveDim = 1 << 6,
  kTypeRemoveTemporary = 1 << 7,
  kTypeExplicitConst = 1 << 8,
  kTypeAotAlias = 1 << 9,
  kTypeSmartPtr = 1 << 10,
  kTypeExplicit = 1 << 12,
  kTypeTag = 1 << 14,
  kTypeExplicitRef = 1 << 15,
};
// Bits of ExprLet, ExprReturn, ExprIfThenElse, MakeFieldDecl, Variable flags that C++ sets and reads.
inline constexpr uint32_t kLetInScope = 1 << 0;
inline constexpr uint32_t kLetIsVar = 1 << 1;
inline constexpr uint32_t kReturnMoves = 1 << 0;
inline constexpr uint32_t kIfStatic = 1 << 0;
inline constexpr uint32_t kFieldMoves = 1 << 0;
inline constexpr uint32_t kFieldClones = 1 << 1;
inline constexpr uint32_t kVariableMoves = 1 << 0;
inline constexpr uint32_t kVariableClones = 1 << 1;
inline constexpr uint32_t kVariableIsVar = 1 << 2;
inline constexpr uint32_t kBlockIsClosure = 1 << 0;
inline constexpr uint32_t kAlwaysSafe = 1 << 0;
inline constexpr uint32_t kFunctionExports = 1 << 0;
inline constexpr uint32_t kFunctionIsPrivate = 1 << 1;
inline constexpr uint32_t kFunctionIsNative = 1 << 2;
inline constexpr uint32_t kFunctionIsInit = 1 << 3;
inline constexpr uint32_t kFunctionIsShutdown = 1 << 4;
inline constexpr uint32_t kFunctionIsUnsafe = 1 << 5;
inline constexpr uint32_t kFunctionIsMethod = 1 << 6;
inline constexpr uint32_t kFunctionIsStaticMethod = 1 << 7;
inline constexpr uint32_t kStructureIsClass = 1 << 0;
inline constexpr uint32_t kStructureIsPrivate = 1 << 1;

// A file that places name; kept by the registry as long as nodes may mention it.
struct FileInfo {
  base::HostString name;
};

// A place of a source; no file, no place.
struct LineInfo {
  const FileInfo* file = nullptr;
  uint32_t column = 0;
  uint32_t line = 0;
  uint32_t last_column = 0;
  uint32_t last_line = 0;
};

using Text = base::HostString;
// What a list shares with the loops over it: changing a list that is walked gives it elements of its own, so that
// neither the change nor the end of the node takes an element from under a loop. Not thread-safe, as nodes are not.
template <typename T>
struct Items {
  std::vector<T> values;
  uint32_t users = 1;  // the list, and each loop
};
// Null is the empty list. Owned by the node it is a field of.
struct List {
  Items<void*>* items;
  std::span<void* const> span() const { return items == nullptr ? std::span<void* const>() : items->values; }
};
struct TextList {
  Items<Text>* items;
  std::span<const Text> span() const { return items == nullptr ? std::span<const Text>() : items->values; }
};
// The elements, for changing their number; valid until the next call.
std::vector<void*>& Change(List& list);
std::vector<Text>& Change(TextList& list);
// Ends one use of the elements; null is allowed.
void Drop(Items<void*>* items);
void Drop(Items<Text>* items);
void Append(List& list, void* node);
void Append(TextList& list, std::string_view text);
void DestroyList(List& list);
void DestroyTexts(TextList& list);

#define VESTIGE_NODE_ROOT(Name) struct Name;
#include "ast/nodes.def"

#define VESTIGE_NODE_ROOT(Name) struct Name {
#define VESTIGE_NODE(Name, Family) \
  struct Name {                    \
    Family base;
#define VESTIGE_NODE_TEXT(name) Text name;
#define VESTIGE_NODE_TEXTS(name) TextList name;
#define VESTIGE_NODE_CHILD(name, Family) Family* name;
#define VESTIGE_NODE_LIST(name, Family) List name;
#define VESTIGE_NODE_LINK(name, Family) Family* name;
#define VESTIGE_NODE_PLAIN(name, Type, script_type) Type name;
#define VESTIGE_NODE_END(Name) \
  }                            \
  ;
#include "ast/nodes.def"

// The kinds, in the order of nodes.def. Families are kinds too; an Expression that is nothing more is made by nobody.
enum class NodeKind : uint16_t {
#define VESTIGE_NODE_ROOT(Name) k##Name,
#include "ast/nodes.def"
};

enum class FieldForm : uint8_t { kPlain, kPlace, kText, kTexts, kChild, kList, kLink };

// Where a kind has what.
struct FieldInfo {
  const char* name;
  uint32_t offset;
  FieldForm form;
  uint32_t bytes;
};

// What is known of a kind.
struct KindInfo {
  const char* name;
  uint32_t size;
  NodeKind family;                    // itself, of a family
  std::span<const FieldInfo> fields;  // its own; those of the family are in the family's
};
std::span<const KindInfo> Kinds();
const KindInfo& InfoOf(NodeKind kind);

// The kind of a C++ type: KindOf<ExprVar>.
template <typename T>
struct KindOfNode;
#define VESTIGE_NODE_ROOT(Name)                           \
  template <>                                             \
  struct KindOfNode<Name> {                               \
    static constexpr NodeKind kValue = NodeKind::k##Name; \
  };
#include "ast/nodes.def"

}  // namespace vestige::ast

#endif  // VESTIGE_AST_NODE_H_
