#include "engine/limit_report.h"

#include <algorithm>
#include <span>

#include "audit/limit_report.h"
#include "engine/stack_text.h"
#include "memory/heaviest.h"
#include "types/type_name.h"

namespace vestige::engine {

namespace {

constexpr size_t kPocketBytes = 64 * 1024;
constexpr size_t kGrownRows = 3;
// Of each site; a stack goes on for ever in no report of this kind.
constexpr uint64_t kFrames = 32;

}  // namespace

struct LimitReport::Pocket {
  memory::Heaviest sites;
  memory::Heaviest types;
  memory::Heaviest grown;
  char line[2048];
  char type_name[1024];
};

LimitReport::LimitReport(const Compiled& program, exec::Context& context, std::string_view das_root)
    : program_(program), context_(context), das_root_(das_root), pocket_(std::make_unique_for_overwrite<Pocket>()) {
  static_assert(sizeof(Pocket) <= kPocketBytes);
}

LimitReport::~LimitReport() = default;

void LimitReport::SetCheckpoint(std::optional<uint64_t> items) {
  checkpoint_items_ = items;
  heap_mark_ = MarkOf(context_.heap());
  string_mark_ = MarkOf(context_.string_heap());
}

void LimitReport::DidRunOut(const memory::Heap* heap) {
  refused_ = heap;
  is_collected_ = false;
  base::Location innermost;
  user_location_ = {};
  const auto consider = [&](base::Location location) {
    if (user_location_.is_known() || !location.is_known()) return;
    if (!innermost.is_known()) innermost = location;
    if (!IsLibrary(program_.sources.Locate(location).file, das_root_)) user_location_ = location;
  };
  context_.VisitCalls([&](uint32_t word) {
    const exec::Code& code = *program_.code;
    consider(code.LocationOf(word));
    for (uint32_t id = code.InlineIdOf(word); id != 0; id = code.inline_entry(id).parent) {
      consider(code.inline_entry(id).call);
    }
  });
  if (!user_location_.is_known()) user_location_ = innermost;
  // A recover part may try again and again: what it costs each time is to find the line.
  if (!context_.WouldRecover()) Collect();
}

diag::Position LimitReport::user_place() const { return program_.sources.Locate(user_location_); }

void LimitReport::Collect() {
  is_collected_ = true;
  memory::Heaviest& sites = pocket_->sites;
  memory::Heaviest& types = pocket_->types;
  memory::Heaviest& grown = pocket_->grown;
  const uint32_t type_count = static_cast<uint32_t>(program_.types.type_count());
  const uint32_t paths = context_.tree().last_node() + 1;
  sites.Begin(paths);
  grown.Begin(paths);
  // Numbers of types; then what a block is, for those without one.
  types.Begin(type_count + 1 + memory::kMaxComments);
  const bool tracks = context_.heap().is_tracking();
  const auto walk = [&](const memory::Heap& heap, uint64_t mark) {
    heap.ForEachLive([&](const memory::LiveBlock& block) {
      const uint32_t type =
          block.type != 0 ? std::min(block.type, type_count) : type_count + 1 + static_cast<uint32_t>(block.comment);
      types.Add(type, block.requested);
      if (!tracks) return;
      sites.Add(block.node, block.requested);
      if (block.id > mark) grown.Add(block.node, block.requested);
    });
  };
  for (bool all_done = false; !all_done;) {
    // The heap that refused is what is asked about; when the system did, both are.
    if (refused_ != &context_.string_heap()) walk(context_.heap(), heap_mark_.births);
    if (refused_ != &context_.heap()) walk(context_.string_heap(), string_mark_.births);
    // All three end their walk, whatever the others say.
    const bool sites_done = sites.EndWalk();
    const bool types_done = types.EndWalk();
    const bool grown_done = grown.EndWalk();
    all_done = sites_done && types_done && grown_done;
  }
}

diag::Position LimitReport::PlaceOf(ledger::NodeId node) const {
  diag::Position innermost;
  diag::Position own;
  VisitFrames(program_, context_.tree(), node, [&](const audit::FrameView& frame) {
    if (own.line != 0 || frame.is_native || frame.line == 0) return;
    const diag::Position at = {.file = frame.file, .line = frame.line, .column = frame.column};
    if (innermost.line == 0) innermost = at;
    if (!IsLibrary(frame.file, das_root_)) own = at;
  });
  return own.line != 0 ? own : innermost;
}

std::string_view LimitReport::TypeText(uint32_t key) const {
  const uint32_t type_count = static_cast<uint32_t>(program_.types.type_count());
  if (key == type_count) return "other types";
  if (key > type_count) {
    const auto comment = static_cast<memory::Comment>(key - type_count - 1);
    return comment == memory::Comment::kNone ? "other" : context_.heap().CommentText(comment);
  }
  return {pocket_->type_name, types::WriteTypeName(program_.types.ById(key), pocket_->type_name)};
}

void LimitReport::Write(base::TextSink& out) {
  if (!is_collected_) Collect();
  audit::LimitReportWriter writer(pocket_->line, out);
  if (!context_.heap().is_tracking()) {
    writer.NoPlaces();
  } else if (!pocket_->sites.rows().empty()) {
    writer.BeginPlaces();
    for (const memory::Heaviest::Row& row : pocket_->sites.rows()) {
      const diag::Position at = PlaceOf(row.key);
      writer.Place(row.bytes, at.file, at.line, at.column);
      uint64_t frames = 0;
      VisitFrames(program_, context_.tree(), row.key, [&](const audit::FrameView& frame) {
        if (++frames <= kFrames) writer.Frame(frame);
      });
      if (frames > kFrames) writer.MoreFrames(frames - kFrames);
    }
    if (!pocket_->sites.is_exact()) writer.NotExact();
  }
  if (!pocket_->types.rows().empty()) writer.BeginTypes();
  for (const memory::Heaviest::Row& row : pocket_->types.rows()) writer.Type(row.bytes, row.count, TypeText(row.key));
  const auto growth = [](const memory::Heap& heap, const Mark& mark) -> audit::HeapGrowth {
    return {.bytes = static_cast<int64_t>(heap.live_bytes() - mark.live_bytes),
            .blocks = static_cast<int64_t>(heap.live_count() - mark.live_count)};
  };
  const uint64_t* items = checkpoint_items_.has_value() ? &*checkpoint_items_ : nullptr;
  writer.Growth(items, growth(context_.heap(), heap_mark_), growth(context_.string_heap(), string_mark_));
  // Before the first checkpoint it would be the list above again.
  if (items == nullptr) return;
  for (const memory::Heaviest::Row& row :
       pocket_->grown.rows().first(std::min<size_t>(pocket_->grown.rows().size(), kGrownRows))) {
    const diag::Position at = PlaceOf(row.key);
    writer.GrownPlace(row.bytes, at.file, at.line, at.column);
  }
}

}  // namespace vestige::engine
