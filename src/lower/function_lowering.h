// Makes the code of one function.
//
// One pass over the typed tree. Expressions are lowered on demand of their consumer, which says where the value is
// wanted (Want), so values are computed straight into their final slot:
//
//   Eval       a workhorse value: anywhere, in a given slot, or left in the accumulator
//   MakeAt     a value of a ref type, made in given memory
//   PlaceOf    the memory a place expression denotes
//   BranchOn   a condition as control flow
//   Effect     what an expression does, its value dropped
//
// Invariants. A node writes the slot it was given with the last operation that reads its operands, so `x = f(x)` may
// evaluate straight into x (what is built piecemeal goes through a temporary unless the slot is fresh). An operand in
// the accumulator is taken by the very next operation. Temporaries are released to the mark before their expression.
//
// The class is one unit of state; its members are defined by topic in the files of this folder. Floor 5.

#ifndef VESTIGE_LOWER_FUNCTION_LOWERING_H_
#define VESTIGE_LOWER_FUNCTION_LOWERING_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "exec/code.h"
#include "exec/frame.h"
#include "exec/operation.h"
#include "lower/frame_layout.h"
#include "lower/place.h"
#include "lower/program_state.h"
#include "lower/scope.h"
#include "sema/typed.h"

namespace vestige::lower {

using exec::Op;
struct LoopSource;

class FunctionLowering {
 public:
  explicit FunctionLowering(ProgramState& state) : state_(state), builder_(state.builder) {}

  // Lowers `function` (not yet lowered; its maker is). False when its frame is too large.
  bool Lower(const sema::TFunction* function);
  // Lowers the initialisation of all globals as function `number`.
  bool LowerInitializer(uint32_t number);

 private:
  // --- function.cpp: frame, arguments ---
  void Begin(const sema::TFunction* function, uint32_t number);
  bool End();
  void LayOutArguments(const sema::TFunction* function);
  void DescribeFunction(const sema::TFunction* function);

  // --- memory.cpp: the simplest accesses ---
  // Uninitialised, for a value; TakeMemory: of any size, what would make the frame too large lies outside it.
  SlotOffset TakeTemp(uint32_t bytes) { return frame_.Take(bytes); }
  Place TakeMemory(uint32_t bytes, bool is_variable = false);
  SlotOffset TakeFar(uint32_t bytes);
  SlotOffset Mark() const { return frame_.top(); }
  void Release(SlotOffset mark) { frame_.Release(mark, builder_.here(), info_->slots); }
  // Tells the collector that the slot holds a `type` from here on.
  void BeginLive(SlotOffset slot, const types::Type* type) { BeginLive(Place::Frame(slot), type); }
  void BeginLive(const Place& place, const types::Type* type,
                 exec::SlotMapEntry::Owned owned = exec::SlotMapEntry::Owned::kNo);
  uint32_t Emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0, uint32_t d = 0);
  uint32_t EmitImmediate(Op op, uint32_t a, uint32_t b, int64_t immediate);
  void Move(SlotOffset to, SlotOffset from, uint32_t bytes);
  void MoveConst(SlotOffset to, const types::Type* type, uint64_t bits);
  void LoadPlace(SlotOffset to, const Place& place, uint32_t bytes);
  void StorePlace(const Place& place, SlotOffset from, uint32_t bytes);
  void CopyPlace(const Place& to, const Place& from, uint32_t bytes);
  void ZeroPlace(const Place& place, uint32_t bytes);
  // A slot that holds the address of `place`; checked places are checked here.
  SlotOffset AddressOf(const Place& place, SlotOffset wanted = kNoSlot);
  // The same memory as a pointer place with no check left and an offset that fits 16 bits.
  Place PointerTo(const Place& place);
  void CheckNow(Place& place);
  void HintHere(uint32_t word, std::string_view text);
  void At(base::Location location);

  // --- labels ---
  // The next word is where jumps to `label` go; BindTop: later ones lead back to it.
  void Bind(Label& label);
  void BindTop(Label& label);
  void JumpTo(Op op, uint32_t a, uint32_t b, Label& label);
  void Jump(Label& label) { JumpTo(Op::kJump, 0, 0, label); }
  void JumpBack(Label& label) { JumpTo(Op::kLoop, 0, 0, label); }

  // --- values.cpp ---
  Operand Eval(const sema::TExpr* expr, const Want& want);
  Operand EvalComputed(const sema::TExpr* expr, const Want& want);
  Operand Value(const sema::TExpr* expr) { return Eval(expr, {}); }
  void ValueTo(const sema::TExpr* expr, SlotOffset slot, bool fresh = false);
  // In the frame, whatever it takes.
  SlotOffset SlotFor(const sema::TExpr* expr);
  // Like SlotFor, but the slot keeps the value while `later` is evaluated.
  SlotOffset StableSlot(const sema::TExpr* expr, const sema::TExpr* later);
  SlotOffset Materialize(const Operand& operand, const types::Type* type);
  Operand Deliver(const Operand& operand, const types::Type* type, const Want& want);
  void Effect(const sema::TExpr* expr);
  SlotOffset Target(const Want& want, const types::Type* type);
  Operand LoadValue(const Place& place, const types::Type* type, const Want& want);
  Operand EvalConst(const sema::TConst* node, const Want& want);
  Operand EvalConditional(const sema::TConditional* node, const Want& want);
  Operand EvalCondition(const sema::TExpr* expr, const Want& want);
  Operand EvalCoalesce(const sema::TCoalesce* node, const Want& want);
  Operand EvalCast(const sema::TCast* node, const Want& want);
  Operand EvalStmtExpr(const sema::TStmtExpr* node, const Want& want);

  // --- arithmetic.cpp ---
  Operand EvalUnary(const sema::TUnary* node, const Want& want);
  Operand EvalBinary(const sema::TBinary* node, const Want& want);
  Operand EvalScalar(exec::BinaryFamily family, exec::ValueType type, const sema::TExpr* left, const sema::TExpr* right,
                     const types::Type* result, const Want& want, base::Location location);
  bool TryMultiplyAdd(const sema::TBinary* node, const Want& want, Operand* result);
  // slot += value, when value is a product of frame operands.
  bool TryMultiplyAddTo(SlotOffset slot, const sema::TExpr* value, exec::ValueType type);
  Operand EvalPointerArithmetic(const sema::TBinary* node, const Want& want);
  Operand EvalCompare(const sema::TBinary* node, const Want& want);
  void LowerCompound(const sema::TCompound* node);
  bool CompoundScalar(const sema::TCompound* node, exec::BinaryFamily family, exec::ValueType type);
  Operand EvalStep(const sema::TStep* node, const Want& want, bool used);

  // An operand that needs no code of its own: kinds F, K and M.
  struct Leaf {
    exec::OperandKind kind = exec::OperandKind::kFrame;
    SlotOffset slot = kNoSlot;  // F: the value; M: the pointer
    uint32_t offset = 0;        // M
    int32_t constant = 0;       // K
  };
  // True when `expr` is a product of two frame operands.
  bool FactorsOf(const sema::TExpr* expr, exec::ValueType type, Leaf* left, Leaf* right);
  bool AsLeaf(const sema::TExpr* expr, exec::ValueType type, Leaf* leaf);
  Leaf LeafOf(const Operand& operand);
  // Emits family(left, right) into `target`, or the accumulator when target is kNoSlot; false when no such form exists.
  bool EmitBinary(exec::BinaryFamily family, exec::ValueType type, SlotOffset target, const Leaf& left,
                  const Leaf& right);

  // --- vectors.cpp ---
  Operand EvalVectorBinary(const sema::TBinary* node, const Want& want);
  Operand EvalVectorUnary(const sema::TUnary* node, const Want& want);
  Operand EvalVectorCast(const sema::TCast* node, const Want& want);
  Operand EvalSwizzle(const sema::TSwizzle* node, const Want& want);
  Operand EvalMakeVector(const sema::TMake* node, const Want& want);

  // --- branch.cpp ---
  // Jumps to `label` when `expr` is `when`, else falls through. A bound label is a backward jump and polls.
  void BranchOn(const sema::TExpr* expr, bool when, Label& label);
  // Turns `add; branch while less` at the end of a loop into one operation.
  bool FuseCountingBranch(exec::CompareFamily family, exec::ValueType type, exec::OperandKind right_kind, uint32_t a,
                          uint32_t b, Label& label);
  bool BranchOnCompare(const sema::TBinary* node, bool when, Label& label);

  // --- places.cpp ---
  Place PlaceOf(const sema::TExpr* expr);
  // The place of `expr`, or of a temporary made for it.
  Place PlaceOrTemp(const sema::TExpr* expr);
  Place ConditionalPlace(const sema::TConditional* node);
  Place StmtExprPlace(const sema::TStmtExpr* node);
  // The place without emitting anything; false when that cannot be.
  bool DirectPlace(const sema::TExpr* expr, Place* place);
  Place LocalPlace(const sema::TLocal* local);
  // May load where shared variables are.
  Place GlobalPlace(const sema::TGlobal* global);
  bool DirectLocal(const sema::TLocal* local, Place* place);
  Place IndexPlace(const sema::TIndex* node);
  Place FixedIndexPlace(const sema::TIndex* node);
  Operand EvalIndex(const sema::TIndex* node, const Want& want);
  bool TryIndexLoad(const sema::TIndex* node, const Want& want, Operand* result);
  bool TryIndexStore(const sema::TAssign* node);
  // Header of an array or base of a fixed array: F with its offset, or M with a pointer's slot and an offset or zero.
  struct Base {
    bool in_frame = false;
    SlotOffset slot = kNoSlot;
    uint32_t offset = 0;
  };
  Base BaseOf(Place place, bool takes_offset);
  // The base of an element and its index, evaluated so that the base is computed last when the index might disturb it.
  Base BaseAndIndex(const sema::TIndex* node, bool takes_offset, bool acc, Operand* index);
  const runtime::TableShape* ShapeOf(const types::Type* table);
  static Op InsertOp(const runtime::TableShape& shape);
  // Constant index of at least 0 that fits 31 bits; -1 otherwise.
  static int64_t ConstantIndex(const sema::TExpr* index);
  Operand EvalSafeIndex(const sema::TSafeIndex* node, const Want& want);
  // The address of the key's value, or null; with `insert`, of a new value, which is `initial` (null: zeros).
  Operand EvalTableFind(const sema::TExpr* table, const sema::TExpr* key, const types::Type* table_type, bool insert,
                        SlotOffset target, const sema::TExpr* initial = nullptr);
  Operand EvalVariantAs(const sema::TVariantAs* node, const Want& want);
  // Evaluates the parts of a place that have an order (indices, pointers) now, so that PlaceOf later uses those values.
  void Pin(const sema::TExpr* place, const sema::TExpr* later);
  bool FindPinned(const sema::TExpr* expr, Operand* operand) const;
  SlotOffset AddressOfContainer(const sema::TExpr* expr, const types::Type** container);

  // --- make.cpp ---
  // Makes the ref-type value of `expr` at `to`, which is uninitialised unless `zeroed`; `mode` matters for places.
  void MakeAt(const sema::TExpr* expr, const Place& to, sema::AssignMode mode, bool zeroed);
  void MakeStruct(const sema::TMake* node, const Place& to, bool zeroed);
  void MakeArray(const sema::TMakeArray* node, const Place& to, bool zeroed);
  void MakeTable(const sema::TMakeTable* node, const Place& to, bool zeroed);
  void StoreValue(const sema::TExpr* value, const Place& to);
  // A value of any type put into fresh memory.
  void InitMember(const sema::TExpr* value, const Place& to, sema::AssignMode mode, bool zeroed);
  void LowerAssign(const sema::TAssign* node);
  void AssignValue(const sema::TAssign* node);
  void AssignObject(const sema::TAssign* node);
  // Deep copy into zeroed memory.
  void CloneAt(const sema::TExpr* value, const Place& to);
  void EmitTyped(Op op, uint32_t a, uint32_t b, const types::Type* type, uint64_t number = 0, uint32_t c = 0);
  // Something moves out of `place` or over what lies there.
  void CheckMove(const types::Type* type, const Place& place);
  Operand EvalNew(const sema::TNew* node, const Want& want);

  // --- holders.cpp: who holds a smart pointer; one moved out of a place is in flight until it is stored ---
  bool NotesHolder(const types::Type* type) const { return state_.notes_holders && type->is_smart_pointer(); }
  // Stored at `to`: cloned into it, or in flight before. The same of a target, and of a part of what is made at `to`.
  void NoteHolder(HolderKind kind, std::string_view name, const types::Type* type, const Place& to, bool cloned);
  void NoteAssigned(const sema::TExpr* target, const Place& to, bool cloned);
  void NoteMember(const types::Type* type, const sema::TMember& member, const Place& to);
  // Of what is moved as bytes; `to` is `from` when it is only about to leave.
  void NoteParts(const types::Type* type, const Place& to, const Place& from);
  void EmitNote(HolderKind kind, const char* name, const types::Type* type, SlotOffset slot, SlotOffset from);

  // --- calls.cpp ---
  Operand EvalCall(const sema::TCall* node, const Want& want, const Place* into);
  Operand EvalInvoke(const sema::TInvoke* node, const Want& want, const Place* into);
  Operand EvalNativeCall(const sema::TNativeCall* node, const Want& want, const Place* into);
  // A call that is a place: the slot of the address it returned.
  Operand EvalReferenceCall(const sema::TExpr* expr);
  bool TryIntrinsic(const sema::TNativeCall* node, const Want& want, Operand* result);
  // Evaluates an argument into its slot of the frame under construction.
  void Argument(const sema::TExpr* expr, bool by_reference, SlotOffset slot);
  // Pins arguments that need memory below the callee's frame, and those whose order of evaluation that would change.
  void PrepareArguments(std::span<sema::TExpr* const> arguments, absl::FunctionRef<bool(size_t)> by_reference,
                        const sema::TCall* call = nullptr);
  // Runs `evaluate`; what it emits is the callee's, called by `call`, when argument `index` is a default value.
  void ForArgument(const sema::TCall* call, size_t index, absl::FunctionRef<void()> evaluate);
  // Where the result of a call goes.
  struct CallResult {
    bool is_hidden = false;  // made at `memory` by the callee
    bool in_acc = false;
    SlotOffset slot = kNoSlot;
    Place memory;
  };
  CallResult BeginResult(const sema::TExpr* node, const Want& want, const Place* into);
  Operand EndResult(const CallResult& result);
  const exec::NativeSite* SiteOf(const sema::TNativeCall* node, std::span<const uint16_t> offsets);

  // --- inline.cpp ---
  bool CanInline(const sema::TFunction* callee);
  Operand EvalInlined(const sema::TCall* node, const Want& want);
  // The memory that stands for `parameter`; is_stable: nothing changes the caller's variables during the call.
  Place InlineArgument(const sema::TExpr* argument, const sema::TLocal* parameter, bool is_stable);
  void LowerInlinedReturn(const sema::TReturn* node, Scope* scope);
  // Of this function or of one being inlined into it.
  bool IsOwn(const sema::TLocal* local) const;

  // --- generators.cpp ---
  bool in_generator() const { return function_->role == sema::FunctionRole::kGenerator; }
  void LowerGeneratorBody(const sema::TBlock* body);
  void LowerYield(const sema::TYield* node);
  // Goes back to whoever stepped, to go on at `resume` (unbound: behind). Try parts around are left and entered again.
  void Suspend(const Label& resume);
  // A return of a generator: true hands out what lies in the value's place, false ends the sequence.
  void LowerGeneratorReturn(const sema::TReturn* node);
  void MakeGeneratorAt(const sema::TClosure* node, const Place& to);
  // The variables that the finally part of `block` deletes, pointers too, are the generator's to free.
  void NoteInScope(const sema::TBlock* block);
  // What becomes of the variable when a generator is closed.
  exec::SlotMapEntry::Owned OwnershipOf(const sema::TLocal* local) const;
  // `next` of an iterator of values: a step.
  bool TryNext(const sema::TNativeCall* node, const Want& want, Operand* result);
  // The operation for this call where the frame is on the heap.
  Op CallOp(Op op) const;

  // --- closures.cpp ---
  void MakeBlockAt(const sema::TClosure* node, const Place& to);
  Operand EvalLambda(const sema::TClosure* node, const Want& want);
  // A pointer to a value that closures hold was stored in `member`.
  void HoldCaptured(const types::Type* type, const Place& member);
  // Fills the captures, which lie `offset` bytes behind the address in slot `object`.
  void StoreCaptures(const sema::TClosure* node, SlotOffset object, uint32_t offset);

  // --- strings.cpp ---
  Operand EvalString(const sema::TString* node, const Want& want);
  Operand EvalConcat(const sema::TBinary* node, const Want& want);
  Operand EvalStringCompare(const sema::TBinary* node, const Want& want);
  SlotOffset EmitPlan(std::span<const exec::StringPart> parts, SlotOffset target);
  // The operands of a chain of concatenations, in order.
  void CollectConcat(const sema::TExpr* expr, absl::InlinedVector<const sema::TExpr*, 8>* operands);
  bool IsPinned(const sema::TExpr* expr) const;
  // The argument at `index` is a string made for the call that the callee does not keep.
  bool DiesWithCall(const sema::TCall* node, size_t index);
  // Frees the string in `slot` when `expr` made it and nothing else can hold it.
  void FreeIfFresh(const sema::TExpr* expr, SlotOffset slot);

  // --- statements.cpp ---
  void LowerStatement(const sema::TStmt* stmt);
  void LowerStatements(std::span<sema::TStmt* const> statements);
  void LowerBlock(const sema::TBlock* block);
  // The block's statements so that a panic in them runs the finally part and goes on. For unwind_on_panic.
  void LowerGuarded(const sema::TBlock* block, Scope* scope);
  void LowerLet(const sema::TLet* node);
  void LowerIf(const sema::TIf* node);
  void LowerReturn(const sema::TReturn* node);
  void LowerTry(const sema::TTry* node);
  void LowerDelete(const sema::TDelete* node);
  void LowerJumpOut(bool is_break);
  // `if (c) break`: a branch to the end of the loop; false when something must run on the way.
  bool TryBranchOut(const sema::TIf* node);
  void LowerGoto(const sema::TGoto* node);
  // Runs what leaving scopes takes: finally parts, unlocking sources, the ends of try parts.
  void LeaveScope(Scope* scope);
  void LeaveScopes(Scope* until);
  void EmitReturn(const Operand& operand, const types::Type* type);
  // Whether leaving the scopes around, up to but not `until`, runs anything.
  bool HasCleanup(const Scope* until = nullptr) const;
  // Ends the innermost scope: what it owned is forgotten. Its cleanup was emitted by LeaveScope.
  void PopScope();
  SlotOffset TakeLocal(const sema::TLocal* local, uint32_t bytes);
  // The same for a variable of any size.
  Place TakeLocalMemory(const sema::TLocal* local, uint32_t bytes);
  void SetAlive(const sema::TLocal* local, bool alive);
  // Gives the variables of a finally part slots that are the same in all its copies.
  void FixSlots(std::span<sema::TStmt* const> finally_part);
  void FixSlotsOf(const sema::TFor* loop);
  // For a loop whose reference variable lies `offset` bytes behind.
  SlotOffset TakeCursor(const sema::TLocal* variable, uint32_t bytes, uint32_t offset);
  Label& LabelOf(int32_t number);
  // The innermost block around that has this label among its statements; null when there is none.
  Scope* ScopeOfLabel(int32_t number) const;

  // --- loops.cpp ---
  void LowerWhile(const sema::TWhile* node);
  void LowerFor(const sema::TFor* node);
  // Starts a source; jumps to `done` when it is empty.
  void BeginSource(LoopSource& item, Label& done);
  void BeginRange(LoopSource& item, Label& done);
  void SetLimit(LoopSource& item, const types::Type* element, int64_t limit);
  void BeginElements(LoopSource& item, Label& done);
  void FetchNext(LoopSource& item, Label& done);
  // Gives the variable its value of the round.
  void EnterRound(LoopSource& item);
  // Goes on to the next round: to `top` from the last source, to `done` from an exhausted one.
  void StepSource(LoopSource& item, bool is_last, Label& top, Label& done);
  void ReleaseSource(LoopSource& item);
  void ReleaseSources(LoopSources& loop);
  // Notes for panics what the source held; up to ResumeHolds, the words that follow are those of a way out.
  void EndHold(LoopSource& item);
  void ResumeHolds();

  ProgramState& state_;
  exec::CodeBuilder& builder_;
  FrameLayout frame_;
  const sema::TFunction* function_ = nullptr;
  exec::FunctionInfo* info_ = nullptr;
  uint32_t number_ = 0;
  base::Location place_;
  Scope* scope_ = nullptr;
  SlotOffset maker_slot_ = kNoSlot;   // hidden: frame of the maker, or the capture struct
  SlotOffset result_slot_ = kNoSlot;  // hidden: where a ref-type result is made
  // The three by TLocal::index. Its TLet was passed and its scope not left.
  std::vector<bool> alive_;
  // Has its slot before its TLet, because a finally part may name it.
  std::vector<bool> preallocated_;
  // Keeps its slot, because blocks made in each copy of a finally part look for it there.
  std::vector<bool> fixed_;
  struct Pinned {
    const sema::TExpr* expr;
    Operand operand;
  };
  std::vector<Pinned> pinned_;
  // Strings that die with a scope: made for a variable that never gave them away.
  struct OwnedString {
    const Scope* scope;
    SlotOffset slot;
  };
  std::vector<OwnedString> owned_strings_;
  // Functions whose bodies are being lowered into this one, and what their parameters stand for.
  absl::InlinedVector<const sema::TFunction*, 2> inlining_;
  uint32_t inline_id_ = 0;
  struct Renamed {
    const sema::TLocal* local;
    Place place;
  };
  absl::InlinedVector<Renamed, 4> renamed_;
  uint32_t last_bound_word_ = Label::kUnbound;
  absl::InlinedVector<NumberedLabel, 2> labels_;
  absl::InlinedVector<ComputedGoto, 1> computed_gotos_;
  // Generators: variables that the finally parts of blocks delete, pointers too.
  absl::InlinedVector<const sema::TLocal*, 4> inscope_;
  bool frame_overflow_ = false;
};

}  // namespace vestige::lower

#endif  // VESTIGE_LOWER_FUNCTION_LOWERING_H_
