#include "ast/walk.h"

#include <algorithm>
#include <cstring>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "ast/quotes.h"
#include "fmt/format.h"

namespace vestige::ast {

namespace {

// The fields of a kind, those of its family first.
template <typename Visit>
void EachField(const NodeHeader& header, Visit visit) {
  const KindInfo& info = InfoOf(header.kind);
  if (info.family != header.kind) {
    for (const FieldInfo& field : InfoOf(info.family).fields) visit(field);
  }
  for (const FieldInfo& field : info.fields) visit(field);
}

char* FieldAt(const NodeHeader* header, const FieldInfo& field) {
  return static_cast<char*>(const_cast<NodeHeader*>(header)->node()) + field.offset;
}

// Links lead to declarations of a program, which nodes of that program's lanes may refer to, and no others: those may
// outlive it.
bool MayShareLinks(const Lane& lane, const NodeHeader& original) {
  if (original.lane == &lane || original.lane->quotes() == lane.quotes()) return true;
  return lane.quotes() != nullptr && original.lane == &lane.quotes()->lane();
}

// Makes `copy`, zeros so far, say what `original` says, with children still those of the original.
void CopyFields(Lane& lane, const NodeHeader* original, NodeHeader* copy) {
  const bool shares_links = MayShareLinks(lane, *original);
  EachField(*original, [&](const FieldInfo& field) {
    const char* from = FieldAt(original, field);
    char* to = FieldAt(copy, field);
    switch (field.form) {
      case FieldForm::kText:
        reinterpret_cast<Text*>(to)->Assign(reinterpret_cast<const Text*>(from)->view());
        break;
      case FieldForm::kTexts:
        for (const Text& text : reinterpret_cast<const TextList*>(from)->span()) {
          Append(*reinterpret_cast<TextList*>(to), text.view());
        }
        break;
      case FieldForm::kList:
        for (void* node : reinterpret_cast<const List*>(from)->span()) Append(*reinterpret_cast<List*>(to), node);
        break;
      case FieldForm::kPlace: {
        auto* place = reinterpret_cast<LineInfo*>(to);
        *place = *reinterpret_cast<const LineInfo*>(from);
        // The file's name may belong to a program that ends before the node does.
        if (place->file != nullptr) place->file = lane.registry().File(place->file->name.view());
        break;
      }
      case FieldForm::kLink:
        if (shares_links) std::memcpy(to, from, field.bytes);
        break;
      case FieldForm::kChild:
      case FieldForm::kPlain:
        std::memcpy(to, from, field.bytes);
        break;
    }
  });
}

}  // namespace

void EachChild(NodeHeader* header, absl::FunctionRef<void(void** slot)> visit) {
  EachField(*header, [&](const FieldInfo& field) {
    char* at = FieldAt(header, field);
    if (field.form == FieldForm::kChild) {
      if (*reinterpret_cast<void**>(at) != nullptr) visit(reinterpret_cast<void**>(at));
    } else if (field.form == FieldForm::kList) {
      auto* list = reinterpret_cast<List*>(at);
      if (list->items == nullptr) return;
      for (void*& node : list->items->values) {
        if (node != nullptr) visit(&node);
      }
    }
  });
}

std::string_view FamilyName(const NodeHeader& header) { return InfoOf(InfoOf(header.kind).family).name; }

std::string Describe(const NodeHeader& header) {
  const Birth& birth = header.birth;
  if (birth.file == nullptr) return fmt::format("gc_node id={} ({})", header.id, FamilyName(header));
  return fmt::format("gc_node id={} ({}, made at {}:{}:{})", header.id, FamilyName(header), birth.file->name.view(),
                     birth.line, birth.column);
}

NodeHeader* Check(const Registry& registry, const void* node, std::string* problem) {
  NodeHeader* header = registry.Find(node);
  if (header == nullptr) {
    *problem = "this pointer does not point at a syntax node";
  } else if (!header->is_alive()) {
    *problem = header->id == 0 ? "this pointer does not point at a syntax node"
                               : fmt::format("{} is deleted already", Describe(*header));
    header = nullptr;
  }
  return header;
}

namespace {

bool CollectFrom(const Registry& registry, void* node, bool with_links, std::vector<NodeHeader*>* nodes,
                 std::string* problem) {
  absl::flat_hash_set<const void*> seen;
  std::vector<void*> work{node};
  while (!work.empty()) {
    void* next = work.back();
    work.pop_back();
    if (!seen.insert(next).second) continue;
    NodeHeader* header = Check(registry, next, problem);
    if (header == nullptr) return false;
    nodes->push_back(header);
    const size_t first = work.size();
    EachChild(header, [&](void** slot) { work.push_back(*slot); });
    std::reverse(work.begin() + static_cast<ptrdiff_t>(first), work.end());
    if (!with_links) continue;
    EachField(*header, [&](const FieldInfo& field) {
      void* link = field.form == FieldForm::kLink ? *reinterpret_cast<void**>(FieldAt(header, field)) : nullptr;
      if (link != nullptr) work.insert(work.begin() + static_cast<ptrdiff_t>(first), link);
    });
  }
  return true;
}

}  // namespace

bool Collect(const Registry& registry, void* node, std::vector<NodeHeader*>* nodes, std::string* problem) {
  return CollectFrom(registry, node, false, nodes, problem);
}

bool CollectWithLinks(const Registry& registry, void* node, std::vector<NodeHeader*>* nodes, std::string* problem) {
  return CollectFrom(registry, node, true, nodes, problem);
}

void* Clone(Lane& lane, const std::vector<NodeHeader*>& nodes, bool keeps_places) {
  absl::flat_hash_map<const void*, void*> copies;
  for (NodeHeader* original : nodes) {
    Birth birth;
    const LineInfo at = keeps_places ? PlaceOf(*original) : LineInfo();
    if (at.file != nullptr) {
      birth = lane.BirthHere();
      birth.file = lane.registry().File(at.file->name.view());
      birth.line = at.line;
      birth.column = at.column;
    }
    void* copy = lane.Make(original->kind, at.file != nullptr ? &birth : nullptr);
    CopyFields(lane, original, NodeHeader::Of(copy));
    copies[original->node()] = copy;
  }
  for (NodeHeader* original : nodes) {
    NodeHeader* copy = NodeHeader::Of(copies[original->node()]);
    EachChild(copy, [&](void** slot) { *slot = copies[*slot]; });
    EachField(*original, [&](const FieldInfo& field) {
      if (field.form != FieldForm::kLink) return;
      const auto found = copies.find(*reinterpret_cast<void**>(FieldAt(original, field)));
      if (found != copies.end()) *reinterpret_cast<void**>(FieldAt(copy, field)) = found->second;
    });
  }
  return copies[nodes.front()->node()];
}

bool DeleteAll(Lane& lane, const std::vector<NodeHeader*>& nodes, std::string* problem) {
  for (const NodeHeader* header : nodes) {
    if (header->lane == &lane) continue;
    *problem = fmt::format("{} belongs to {}, not to {}", Describe(*header), header->lane->name(), lane.name());
    return false;
  }
  for (NodeHeader* header : nodes) lane.Delete(header);
  return true;
}

LineInfo PlaceOf(const NodeHeader& header) {
  LineInfo place;
  EachField(header, [&](const FieldInfo& field) {
    if (field.form == FieldForm::kPlace && place.file == nullptr) {
      place = *reinterpret_cast<const LineInfo*>(FieldAt(&header, field));
    }
  });
  return place;
}

}  // namespace vestige::ast
