// Walking frames: the context-tree node of where a script is (up until a frame knows its node, then down again), and
// the collector's roots. Floor 4.

#include "exec/context.h"

namespace vestige::exec {

namespace {

// What the tree calls a function; 0 is none.
ledger::FunctionId IdOf(const Function* function) { return function->number + 1; }

// The frame below `frame` and the word it stands at; null frame at the very bottom. `frame` is a script's frame.
struct CallerOf {
  explicit CallerOf(char* frame) {
    const FrameHeader& header = HeaderAt(frame);
    site = header.ret;
    caller = frame - site->a;
    if (HeaderAt(caller).function != nullptr) return;
    const auto* entry = reinterpret_cast<const EntryFrame*>(caller);
    site = entry->header.ret;
    caller = entry->outer_frame;
  }
  char* caller;
  const Word* site;
};

}  // namespace

ledger::NodeId Context::CurrentNode() {
  if (frame == nullptr) return ledger::kRootNode;
  const ledger::NodeId node = NodeOfFrame(frame);
  return tree_->Child(node, code_->IndexOf(pc), IdOf(HeaderAt(frame).function));
}

ledger::NodeId Context::NodeOfFrame(char* inner) {
  walk_.clear();
  ledger::NodeId node = ledger::kRootNode;
  char* at = inner;
  while (at != nullptr) {
    const ledger::NodeId known = HeaderAt(at).node;
    if (known != ledger::kNoNode) {
      node = known;
      break;
    }
    walk_.push_back(at);
    at = CallerOf(at).caller;
  }
  for (auto it = walk_.rbegin(); it != walk_.rend(); ++it) {
    const CallerOf below(*it);
    if (below.caller != nullptr) {
      node = tree_->Child(node, code_->IndexOf(below.site), IdOf(HeaderAt(below.caller).function));
    }
    HeaderAt(*it).node = node;
  }
  return node;
}

void Context::VisitCalls(absl::FunctionRef<void(uint32_t)> visit) const {
  char* at = frame;
  const Word* word = pc;
  while (at != nullptr) {
    visit(code_->IndexOf(word));
    const CallerOf below(at);
    at = below.caller;
    word = below.site;
  }
}

void Context::VisitRoots(RootVisitor visit) {
  for (const GlobalEntry& global : code_->globals()) {
    if (Owns(global)) visit(global.type, AddressOf(global));
  }
  char* at = frame;
  const Word* word = pc;
  while (at != nullptr) {
    VisitFrameRoots(at, word, visit);
    const CallerOf below(at);
    at = below.caller;
    word = below.site;
  }
}

void Context::VisitFrameRoots(char* at, const Word* word, RootVisitor visit) {
  const FunctionInfo& info = code_->InfoOf(*HeaderAt(at).function);
  const uint32_t index = code_->IndexOf(word);
  for (const SlotMapEntry& slot : info.slots) {
    if (slot.first_word > index) break;
    if (index >= slot.last_word) continue;
    visit(slot.type, slot.AddressIn(at));
  }
}

}  // namespace vestige::exec
