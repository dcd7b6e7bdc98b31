#include "ast/lane.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/lock.h"

namespace vestige::ast {

namespace {

uint32_t FamilyNumber(NodeKind family) {
  switch (family) {
    case NodeKind::kTypeDecl:
      return 1;
    case NodeKind::kMakeFieldDecl:
      return 3;
    case NodeKind::kMakeStruct:
      return 4;
    case NodeKind::kFunction:
      return 5;
    case NodeKind::kEnumeration:
      return 6;
    case NodeKind::kStructure:
      return 7;
    case NodeKind::kVariable:
      return 8;
    default:
      return 2;
  }
}

// What the node's own fields own besides other nodes.
void DestroyFields(char* node, std::span<const FieldInfo> fields) {
  for (const FieldInfo& field : fields) {
    char* at = node + field.offset;
    switch (field.form) {
      case FieldForm::kText:
        reinterpret_cast<Text*>(at)->Destroy();
        break;
      case FieldForm::kTexts:
        DestroyTexts(*reinterpret_cast<TextList*>(at));
        break;
      case FieldForm::kList:
        DestroyList(*reinterpret_cast<List*>(at));
        break;
      default:
        break;
    }
  }
}

void Destroy(NodeHeader* header) {
  const KindInfo& info = InfoOf(header->kind);
  char* node = static_cast<char*>(header->node());
  DestroyFields(node, info.fields);
  if (info.family != header->kind) DestroyFields(node, InfoOf(info.family).fields);
  std::memset(node, 0, info.size);
}

}  // namespace

void Root::Link(NodeHeader* node) {
  node->root = this;
  node->previous = last_;
  node->next = nullptr;
  (last_ != nullptr ? last_->next : first_) = node;
  last_ = node;
  ++count_;
}

void Root::Unlink(NodeHeader* node) {
  (node->previous != nullptr ? node->previous->next : first_) = node->next;
  (node->next != nullptr ? node->next->previous : last_) = node->previous;
  node->root = nullptr;
  --count_;
}

Registry::~Registry() {
  lanes_.clear();
  for (auto& [name, file] : files_) file->name.Destroy();
}

Lane* Registry::MakeLane(std::string name) {
  const base::Lock lock(mutex_);
  return lanes_.emplace_back(std::make_unique<Lane>(*this, std::move(name))).get();
}

void Registry::Keep(std::unique_ptr<Lane> lane) {
  const base::Lock lock(mutex_);
  lanes_.push_back(std::move(lane));
}

void Registry::Drop(Lane& lane) {
  const base::Lock lock(mutex_);
  // The youngest are the likeliest to go.
  const auto found = std::find_if(lanes_.rbegin(), lanes_.rend(), [&](const auto& own) { return own.get() == &lane; });
  if (found != lanes_.rend()) lanes_.erase(std::next(found).base());
}

NodeHeader* Registry::Find(const void* node) const {
  const base::Lock lock(mutex_);
  const auto found = known_.find(node);
  return found != known_.end() ? found->second : nullptr;
}

const FileInfo* Registry::File(std::string_view name) {
  const base::Lock lock(mutex_);
  std::unique_ptr<FileInfo>& file = files_[std::string(name)];
  if (file == nullptr) {
    file = std::make_unique<FileInfo>();
    file->name.Assign(name);
  }
  return file.get();
}

uint64_t Registry::bytes() const {
  const base::Lock lock(mutex_);
  return bytes_;
}

uint64_t Registry::live_count() const {
  uint64_t count = 0;
  for (const auto& lane : lanes_) count += lane->thread_root().count();
  return count;
}

NodeHeader* Registry::Take(NodeKind kind) {
  const base::Lock lock(mutex_);
  if (free_.empty()) free_.resize(Kinds().size());
  NodeHeader*& free = free_[static_cast<size_t>(kind)];
  if (free == nullptr) {
    constexpr size_t kNodesAtOnce = 16;
    const size_t bytes = sizeof(NodeHeader) + InfoOf(kind).size;
    char* block = memory_.emplace_back(std::make_unique<char[]>(bytes * kNodesAtOnce)).get();
    for (size_t i = kNodesAtOnce; i-- > 0;) {
      auto* header = reinterpret_cast<NodeHeader*>(block + i * bytes);
      known_[header->node()] = header;
      header->next = free;
      free = header;
    }
  }
  NodeHeader* header = free;
  free = header->next;
  header->kind = kind;
  bytes_ += sizeof(NodeHeader) + InfoOf(kind).size;
  return header;
}

void Registry::GiveBack(NodeHeader* header) {
  if (poison_) return;
  const base::Lock lock(mutex_);
  NodeHeader*& free = free_[static_cast<size_t>(header->kind)];
  header->next = free;
  free = header;
  bytes_ -= sizeof(NodeHeader) + InfoOf(header->kind).size;
}

Lane::~Lane() { Sweep(thread_root_); }

void* Lane::Make(NodeKind kind, const Birth* birth) {
  NodeHeader* header = registry_.Take(kind);
  const NodeKind family = InfoOf(kind).family;
  header->magic = kAliveMagic | FamilyNumber(family);
  header->told = false;
  header->id = ids_.Next();
  header->birth = birth != nullptr ? *birth : BirthHere();
  header->lane = this;
  active_->Link(header);
  if (family == NodeKind::kExpression) static_cast<Expression*>(header->node())->__rtti = InfoOf(kind).name;
  if (registry_.watch() != nullptr) {
    registry_.watch()->DidHappen(ledger::Domain::kGcNode, header->id, ledger::Event::kBirth, name_);
  }
  return header->node();
}

void Lane::Delete(NodeHeader* header) {
  if (registry_.watch() != nullptr) {
    registry_.watch()->DidHappen(ledger::Domain::kGcNode, header->id, ledger::Event::kDeath, name_);
  }
  if (header->root != nullptr) header->root->Unlink(header);
  header->magic = kSweptMagic | (header->magic & 0xffffu);
  Destroy(header);
  registry_.GiveBack(header);
}

uint32_t Registry::KeepStack(std::vector<StackFrame> frames) {
  const base::Lock lock(mutex_);
  stacks_.push_back(std::move(frames));
  return kKept | static_cast<uint32_t>(stacks_.size() - 1);
}

const std::vector<StackFrame>* Registry::KeptStack(uint32_t stack) const {
  if ((stack & kKept) == 0) return nullptr;
  const base::Lock lock(mutex_);
  return &stacks_[stack & ~kKept];
}

void Claim(const std::vector<NodeHeader*>& nodes, Root& from, Root& to) {
  for (NodeHeader* header : nodes) {
    if (header->root != &from) continue;
    from.Unlink(header);
    to.Link(header);
  }
}

void Lane::Sweep(Root& root) {
  while (root.first() != nullptr) Delete(root.first());
}

}  // namespace vestige::ast
