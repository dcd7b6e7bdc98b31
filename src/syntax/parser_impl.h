// The parser's state and productions, shared by its files; everybody else uses parser.h. Floor 2 (syntax).
//
// Recursive descent over the token buffer; expressions by precedence climbing. Two ideas carry it:
//
// Line ends. The parser knows in which bracket it is, so it decides what a line end means: nothing inside ( ) [ ] and
// the braces of a table, a separator inside blocks, a comma inside enums. A stack of frames says so.
//
// Errors. The first error makes the current token kStop, which nothing matches, so that all productions return by
// themselves; none of them needs to test for failure, and whatever they build is thrown away. The innermost loop over
// statements, members or declarations then recovers: it skips to the next place where one can begin.

#ifndef VESTIGE_SYNTAX_PARSER_IMPL_H_
#define VESTIGE_SYNTAX_PARSER_IMPL_H_

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/arena.h"
#include "base/symbol.h"
#include "diag/diagnostics.h"
#include "syntax/ast.h"
#include "syntax/parser.h"
#include "syntax/token.h"

namespace vestige::syntax {

// Nesting of brackets, blocks, operators and the like that is still understood; it also bounds the depth of the tree,
// so that whoever walks it may recurse.
constexpr int kMaxNesting = 2000;
// Errors of one file after which it is taken for something else than a script.
constexpr int kMaxErrors = 200;
constexpr int kCodeNesting = 10302;

class Parser {
 public:
  // With no sink errors are only counted; `base` is added to offsets of tokens, unless places are not wanted. With no
  // reader `include` is an error.
  Parser(std::string_view text, uint32_t base, bool has_places, base::Interner& interner, base::Arena& arena,
         diag::DiagnosticSink* sink, IncludeReader* includes = nullptr);
  // Of a file, whose lines are renumbered as its marks say.
  Parser(const diag::SourceFile& file, base::Interner& interner, base::Arena& arena, diag::DiagnosticSink* sink,
         IncludeReader* includes);

  Module* ParseModule();
  FunctionDecl* ParseSignature();
  TypeExpr* ParseLoneType();

 private:
  enum class LineEnd : uint8_t { kIgnored, kSemicolon, kComma };

  // An open bracket.
  struct Frame {
    TokenKind opener;
    LineEnd line_end;
  };

  // How a field or element is reached: see FieldExpr.
  struct MemberSign {
    Access access = Access::kPlain;
    bool is_safe_dot = false;
    bool is_raw = false;
  };

  // A list under construction, on a stack shared by all lists of its type. Lists nest like brackets.
  template <typename T>
  class List {
   public:
    explicit List(Parser& parser) : arena_(parser.arena_), stack_(parser.Stack<T>()), start_(stack_.size()) {}
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() { stack_.resize(start_); }
    void Add(const T& item) { stack_.push_back(item); }
    size_t size() const { return stack_.size() - start_; }
    T& operator[](size_t i) { return stack_[start_ + i]; }
    // The list in the arena.
    std::span<T> Take() { return arena_.Copy(std::span<const T>(stack_).subspan(start_)); }

   private:
    base::Arena& arena_;
    std::vector<T>& stack_;
    size_t start_;
  };

  // Counts one level of nesting while it lives; Fits() reports an error when it is one too many.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) { ++parser_.nesting_; }
    ~Nesting() { --parser_.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    bool Fits() const { return parser_.nesting_ <= kMaxNesting || parser_.FailNesting(); }

   private:
    Parser& parser_;
  };

  // parser.cpp: the cursor.
  bool Is(TokenKind kind) const { return kind_ == kind; }
  TokenKind PeekKind(uint32_t ahead = 1) const;
  // The tokens behind the opening bracket at the cursor, where line ends do not count.
  TokenKind PeekInside(uint32_t ahead = 1) const;
  void Next();
  void Settle();
  bool Accept(TokenKind kind);
  bool Expect(TokenKind kind);
  void Open(LineEnd line_end);
  void Close(TokenKind kind);
  void SkipLineEnds();
  // Skips line ends only if one of these comes behind them.
  bool AcceptBehindLineEnds(TokenKind kind);
  TokenKind KindBehindLineEnds() const;
  bool SplitGreater();
  void ExpectGreater();
  Place Here() const { return PlaceOf(pos_); }
  Place PlaceOf(uint32_t token) const;
  uint32_t LengthOf(uint32_t token) const;
  base::Location LocationOf(uint32_t token) const;
  uint64_t Payload() const { return tokens_.payloads[pos_]; }
  base::Symbol ExpectName();
  base::Symbol Intern(std::string_view text) { return interner_.Intern(text); }
  bool AtStatementEnd() const;
  void ExpectStatementEnd();
  LineEnd line_end_mode() const { return frames_.empty() ? LineEnd::kSemicolon : frames_.back().line_end; }

  // parse_errors.cpp.
  void Unexpected(TokenKind expected = TokenKind::kStop);
  void Fail(Place place, int code, std::string message);
  // An error that needs no recovery: what was read is understood.
  void Complain(Place place, int code, std::string message);
  bool FailNesting();
  void ReportUnmatched();
  void Stop();
  // Goes on behind the error where the next item of a list at `depth` frames may begin.
  void Recover(size_t depth);
  bool BeginsDeclaration(uint32_t token) const;
  bool BeginsStatement(uint32_t token) const;
  bool MayBeginTopLevel(uint32_t token) const;

  // parse_decl.cpp.
  void ParseTopLevel();
  void ParseModuleLine();
  void ParseOptions();
  void ParseRequire();
  void ParseInclude();
  void ParseExpect();
  base::Symbol ParseModulePath();
  void ParseGlobals();
  void ParseEnum(std::span<Annotation*> annotations);
  void ParseBitfield();
  std::span<EnumValue> ParseEnumValues();
  void ParseMembersAlias(bool is_tuple);
  AliasDecl* ParseTypedef();
  void ParseReaderDecl();
  Visibility ParseVisibility();
  void AddDecl(Decl* decl) {
    if (decl != nullptr && !stopped_) declarations_.push_back(decl);
  }

  // parse_struct.cpp.
  void ParseStruct(std::span<Annotation*> annotations);
  std::span<StructMember> ParseMembers();
  void ParseMember(List<StructMember>& members);

  // parse_function.cpp.
  FunctionDecl* ParseFunction(std::span<Annotation*> annotations, bool is_method);
  void ParseFunctionHead(FunctionDecl* function);
  base::Symbol ParseFunctionName(FunctionDecl* function);
  std::string ParseOperatorName();
  std::string ParseTestOperatorName(std::string_view prefix);
  void ParseModifiers(FunctionDecl* function);
  std::span<Variable> ParseParameters();
  Block* ParseBody(bool* is_arrow);
  void ParseVariables(List<Variable>& out, const Variable& prototype);
  bool ParseInit(Variable& variable);
  bool ParseInitMode(InitMode* mode);

  // parse_annotation.cpp.
  std::span<Annotation*> ParseAnnotations();
  Annotation* ParseAnnotation(int precedence);
  Annotation* ParseAnnotationOperand();
  std::span<AnnotationArgument> ParseAnnotationArguments();
  AnnotationArgument ParseAnnotationArgument();
  void ParseAnnotationValue(AnnotationArgument& argument);
  std::span<AnnotationArgument> ParseTags();
  std::span<AnnotationArgument> ParseLoopAnnotations();

  // parse_type.cpp.
  TypeExpr* ParseType();
  TypeExpr* ParseTypeNoOptions();
  TypeExpr* ParseTypeBase();
  TypeExpr* ParseTypeSuffixes(TypeExpr* type);
  TypeExpr* ParseFixedArray(TypeExpr* element);
  bool ParseTypeQualifier(TypeExpr* type);
  TypeExpr* ParseNamedType();
  TypeExpr* ParseCallableType(CallableForm form);
  void ParseSignatureType(CallableTypeExpr* type);
  TypeExpr* ParseBitfieldType();
  TypeExpr* ParseTableType();
  TypeExpr* ParseTupleType(bool is_variant);
  std::span<TypeMember> ParseTypeMembers(bool named);
  TypeExpr* ParseAngleType();
  bool AcceptTypeSeparator();

  // parse_stmt.cpp, parse_control.cpp.
  Block* ParseBlock();
  void ParseStatements(List<Stmt*>& out);
  Stmt* ParseStatement();
  Stmt* ParseKeywordStatement();
  Stmt* ParseSimpleStatement();
  Stmt* ParseOneLiner();
  Stmt* ParsePostfixIf(Stmt* statement);
  Expr* ParseAssignment(Expr* target);
  Stmt* ParseLet();
  Variable ParseTupleVariable(const Variable& prototype);
  std::span<base::Symbol> ParseTupleNames();
  Stmt* ParseIf();
  Block* ParseBranch();
  Block* ParseElse();
  Stmt* ParseFor();
  Stmt* ParseWhile();
  Stmt* ParseWith();
  Stmt* ParseTry();
  Stmt* ParseUnsafe();
  Stmt* ParseReturnOrYield();
  Stmt* ParseLabel();
  Stmt* ParseGoto();
  Block* WrapInBlock(Stmt* statement);
  LoopHead ParseLoopHead();

  // parse_expr.cpp.
  Expr* ParseExpr() { return ParseOperators(0); }
  Expr* ParseOperators(int precedence);
  Expr* ParseOperator(Expr* left, int level);
  Expr* ParseConditional(Expr* condition);
  Expr* ParseTypeTest(Expr* value, TypeTestForm form, bool is_raw);
  Expr* PipeInto(Expr* argument, Expr* callee, Place at);
  Expr* AppendPiped(Expr* callee, Expr* argument, Place at);
  Expr* ParsePrefix();
  Expr* ParseDereference();

  // parse_postfix.cpp.
  Expr* ParsePostfix(Expr* expr, bool with_arrow);
  Expr* ParseDotted(Expr* object);
  Expr* ParseMember(Expr* object, MemberSign sign, MethodForm form, bool may_call);
  Expr* ParseIndex(Expr* object, MemberSign sign);
  Expr* ParseArrow(Expr* object);
  Expr* FinishMethodCall(MethodCallExpr* call);

  // parse_primary.cpp.
  Expr* ParsePrimary();
  Expr* ParseWordPrimary();
  Expr* ParseName();
  QualifiedName ParseQualifiedName();
  Expr* ParseNumber();
  Expr* ParseString();
  Expr* ParseParenthesized();

  // parse_word.cpp.
  Expr* ParseCast(CastForm form);
  Expr* ParseAddress();
  Expr* ParseTypeInfo();
  Expr* ParseNew();
  Expr* ParseReader();
  Expr* ParseTag(char letter);

  // parse_call.cpp.
  Expr* ParseCall(CallExpr* call);
  std::span<Argument> ParseArguments(bool* in_brackets, bool* is_uninitialized, base::Location* end);
  Argument ParseArgument();
  void ParseArgumentList(List<Argument>& out, TokenKind close);
  bool AtNamedArgument() const;
  bool AtTrailingClosure() const;
  std::span<Argument> ParseTrailingClosure(std::span<Argument> arguments);
  ClosureExpr* ParseClosure();
  std::span<Capture> ParseCaptures();
  Expr* ParseAtAt();
  Expr* ParseGenerator();

  // parse_literal.cpp.
  Expr* ParseParentheses();
  std::span<Argument> ParseElements();
  Expr* FinishArrayWord(Place place, ArrayForm form);
  Expr* ParseBrackets();
  Expr* ParseBraces();
  Expr* ParseArrayWord();
  Expr* ParseFixedArrayWord();
  Expr* ParseTableWord();
  Expr* ParseTupleWord();
  Expr* ParseStructWord(StructForm form);
  Expr* ParseStructRows(StructLiteralExpr* literal);
  Expr* ParseComprehension(ComprehensionForm form, TokenKind close);

  template <typename T>
  T* New(Place place) {
    T* node = arena_.New<T>();
    node->kind = T::kKind;
    node->place = place;
    return node;
  }
  template <typename T>
  std::vector<T>& Stack() {
    return std::get<std::vector<T>>(stacks_);
  }

  std::string_view text_;
  uint32_t base_;
  bool has_places_;
  base::Interner& interner_;
  base::Arena& arena_;
  diag::DiagnosticSink* sink_;
  IncludeReader* includes_;
  TokenBuffer tokens_;
  uint32_t pos_ = 0;
  TokenKind kind_ = TokenKind::kEndOfFile;
  uint32_t last_recovery_ = ~uint32_t{0};  // the token that was gone on with in the midst of a line
  bool stopped_ = false;                   // kind_ is kStop until somebody recovers
  bool gave_up_ = false;                   // too deep or too many errors: no more are reported
  int nesting_ = 0;
  int error_count_ = 0;
  std::vector<Frame> frames_;
  std::tuple<std::vector<Argument>, std::vector<Stmt*>, std::vector<Variable>, std::vector<TypeExpr*>,
             std::vector<Expr*>, std::vector<Annotation*>, std::vector<AnnotationArgument>, std::vector<TypeMember>,
             std::vector<StructMember>, std::vector<EnumValue>, std::vector<base::Symbol>, std::vector<Capture>,
             std::vector<LoopVariable>, std::vector<InterpolationPart>, std::vector<std::span<Argument>>>
      stacks_;

  Module* module_ = nullptr;
  std::vector<AnnotationArgument> options_;
  std::vector<Require> requires_;
  std::vector<Expectation> expectations_;
  std::vector<Decl*> declarations_;
};

}  // namespace vestige::syntax

#endif  // VESTIGE_SYNTAX_PARSER_IMPL_H_
