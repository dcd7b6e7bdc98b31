// One function from its arguments to its last return. Floor 5.

#include <cstddef>

#include "fmt/format.h"
#include "lower/function_lowering.h"

namespace vestige::lower {

namespace {

uint32_t TakenBytes(uint32_t bytes) { return (std::max(bytes, 1u) + 7) & ~7u; }

bool HasHiddenResult(const sema::TFunction* function) {
  return function->result != nullptr && !function->returns_reference && function->result->is_ref_type();
}

}  // namespace

void FunctionLowering::Begin(const sema::TFunction* function, uint32_t number) {
  function_ = function;
  number_ = number;
  builder_.BeginFunction(number);
  info_ = &builder_.info(number);
  frame_.Reset(exec::kFirstSlot);
  scope_ = nullptr;
  maker_slot_ = result_slot_ = kNoSlot;
  const size_t locals = function->locals == nullptr ? 0 : function->locals->size();
  alive_.assign(locals, false);
  preallocated_.assign(locals, false);
  fixed_.assign(locals, false);
  pinned_.clear();
  labels_.clear();
  computed_gotos_.clear();
  inlining_.clear();
  renamed_.clear();
  owned_strings_.clear();
  inscope_.clear();
  inline_id_ = 0;
  last_bound_word_ = Label::kUnbound;
  frame_overflow_ = false;
  At(function->location);
}

void FunctionLowering::DescribeFunction(const sema::TFunction* function) {
  exec::FunctionInfo& info = *info_;
  info.name = function->name.text();
  info.mangled = function->mangled.text();
  info.location = function->location;
  info.is_block = function->role == sema::FunctionRole::kBlock;
  info.is_init = function->is_init;
  info.is_finalize = function->is_finalize;
  info.is_export = function->is_export;
  info.returns_address = function->returns_reference;
  info.result = function->result;
  if (function->returns_reference) {
    info.result_bytes = 8;
  } else if (function->result != nullptr && !function->result->is_ref_type()) {
    info.result_bytes = static_cast<uint16_t>(function->result->size());
  }
}

void FunctionLowering::LayOutArguments(const sema::TFunction* function) {
  std::span<sema::TLocal* const> arguments = function->arguments;
  const bool is_lambda = function->role == sema::FunctionRole::kLambda;
  if (function->role == sema::FunctionRole::kBlock || is_lambda) {
    maker_slot_ = frame_.Take(8);
    info_->hidden |= exec::kHiddenMaker;
  }
  if (is_lambda && !arguments.empty()) {
    // The capture struct comes as the hidden argument.
    state_.SlotOf(arguments[0]) = maker_slot_;
    arguments = arguments.subspan(1);
  }
  if (HasHiddenResult(function)) {
    result_slot_ = frame_.Take(8);
    info_->hidden |= exec::kHiddenResult;
  }
  for (const sema::TLocal* argument : arguments) {
    const uint32_t bytes = argument->is_reference ? 8 : argument->type->size();
    const SlotOffset slot = frame_.Take(TakenBytes(bytes));
    state_.SlotOf(argument) = slot;
    info_->parameters.push_back({static_cast<uint16_t>(slot), static_cast<uint16_t>(bytes)});
    if (!argument->is_reference) BeginLive(slot, argument->type);
  }
}

bool FunctionLowering::Lower(const sema::TFunction* function) {
  Begin(function, state_.NumberOf(function));
  DescribeFunction(function);
  if (in_generator()) {
    LowerGeneratorBody(function->body);
  } else {
    LayOutArguments(function);
    LowerBlock(function->body);
  }
  return End();
}

bool FunctionLowering::LowerInitializer(uint32_t number) {
  const sema::TFunction none;
  const sema::TFunction* owner = state_.program.initializer == nullptr ? &none : state_.program.initializer;
  Begin(owner, number);
  info_->name = owner->name.empty() ? "global initializers" : owner->name.text();
  info_->mangled = info_->name;
  info_->is_init = true;
  for (const sema::TGlobal* global : state_.program.globals) {
    if (global->init == nullptr) continue;
    const SlotOffset mark = Mark();
    At(global->location);
    const auto mode = global->init_moves ? sema::AssignMode::kMove : sema::AssignMode::kCopy;
    uint32_t skip = 0;
    if (global->is_shared) {
      const SlotOffset is_owner = TakeTemp(8);
      LoadPlace(is_owner, Place::Global(offsetof(exec::SharedLink, is_owner)), 1);
      skip = Emit(Op::kJumpIfNot, is_owner);
    }
    const Place place = GlobalPlace(global);
    InitMember(global->init, place, mode, true);
    if (NotesHolder(global->init->type)) {
      NoteHolder(HolderKind::kGlobal, fmt::format("global {}", global->name.text()), global->init->type, place, false);
    }
    if (global->is_shared) builder_.PatchJumpToHere(skip);
    Release(mark);
  }
  Emit(Op::kReturnVoid);
  return End();
}

bool FunctionLowering::End() {
  const bool is_void = function_->result == nullptr || function_->result->kind == types::Kind::kVoid;
  At(function_->location);
  if (in_generator()) {
    // Its body emitted its own end.
  } else if (is_void) {
    Emit(Op::kReturnVoid);
  } else {
    Emit(Op::kPanicConstant);
    builder_.EmitPointer(builder_.Text("end of block without return"));
  }
  for (ComputedGoto& jump : computed_gotos_) {
    Bind(jump.label);
    for (NumberedLabel& entry : labels_) {
      const Op op = exec::SelectBranch(exec::CompareFamily::kEq, exec::ValueType::kI32, exec::OperandKind::kFrame,
                                       exec::OperandKind::kConstant);
      JumpTo(op, jump.slot, static_cast<uint16_t>(entry.number), entry.label);
    }
    Emit(Op::kPanicConstant);
    builder_.EmitPointer(builder_.Text("goto to an unknown label"));
  }
  frame_.Release(0, builder_.here(), info_->slots);
  const uint32_t grain = in_generator() ? 15 : 7;
  const uint32_t bytes = (frame_.high_water() + grain) & ~grain;
  // A frame that is too large is an error of the script, told by Lower; the code is dropped.
  const bool fits = bytes <= exec::kMaxFrameBytes && !frame_overflow_;
  if (fits) {
    for (const FrameLayout::FarWord& far : frame_.far_words())
      builder_.PatchImmediate(far.word, static_cast<int32_t>(bytes + far.offset));
  }
  builder_.EndFunction(fits ? bytes : 0, fits && in_generator() ? frame_.far_high_water() : 0);
  return fits;
}

}  // namespace vestige::lower
