// Types. Floor 2 (syntax).

#include "syntax/parser_impl.h"

namespace vestige::syntax {

// A | B | #
TypeExpr* Parser::ParseType() {
  const Nesting nesting(*this);
  if (!nesting.Fits()) return New<AutoTypeExpr>(Here());
  TypeExpr* first = ParseTypeNoOptions();
  if (!Is(TokenKind::kPipe)) return first;
  List<TypeExpr*> alternatives(*this);
  alternatives.Add(first);
  while (Accept(TokenKind::kPipe)) alternatives.Add(Accept(TokenKind::kHash) ? nullptr : ParseTypeNoOptions());
  OptionsTypeExpr* options = New<OptionsTypeExpr>(first->place);
  options->alternatives = alternatives.Take();
  return options;
}

TypeExpr* Parser::ParseTypeNoOptions() { return ParseTypeSuffixes(ParseTypeBase()); }

// const & # ? [n] and the like, in any order and number.
TypeExpr* Parser::ParseTypeSuffixes(TypeExpr* type) {
  for (int count = 0;; ++count) {
    if (count > kMaxNesting) FailNesting();
    switch (kind_) {
      case TokenKind::kQuestion:
      case TokenKind::kQuestionQuestion: {
        const int depth = Is(TokenKind::kQuestion) ? 1 : 2;
        for (int i = 0; i < depth; ++i) {
          PointerTypeExpr* pointer = New<PointerTypeExpr>(type->place);
          pointer->target = type;
          type = pointer;
        }
        Next();
        break;
      }
      case TokenKind::kLeftBracket:
        type = ParseFixedArray(type);
        break;
      // `T?[3]`: the sign is one token.
      case TokenKind::kQuestionBracket: {
        PointerTypeExpr* pointer = New<PointerTypeExpr>(type->place);
        pointer->target = type;
        tokens_.kinds[pos_] = TokenKind::kLeftBracket;
        kind_ = TokenKind::kLeftBracket;
        type = ParseFixedArray(pointer);
        break;
      }
      default:
        if (!ParseTypeQualifier(type)) return type;
    }
  }
}

TypeExpr* Parser::ParseFixedArray(TypeExpr* element) {
  FixedArrayTypeExpr* array = New<FixedArrayTypeExpr>(element->place);
  array->element = element;
  List<Expr*> sizes(*this);
  while (Is(TokenKind::kLeftBracket)) {
    Open(LineEnd::kIgnored);
    sizes.Add(Is(TokenKind::kRightBracket) ? nullptr : ParseExpr());
    Close(TokenKind::kRightBracket);
  }
  array->sizes = sizes.Take();
  return array;
}

bool Parser::ParseTypeQualifier(TypeExpr* type) {
  const auto take = [&](TypeQualifier qualifier, int tokens) {
    type->qualifiers |= qualifier;
    for (int i = 0; i < tokens; ++i) Next();
    return true;
  };
  switch (kind_) {
    case TokenKind::kKwConst:
      return take(kTypeConst, 1);
    case TokenKind::kAmp:
      return take(kTypeReference, 1);
    case TokenKind::kHash:
      return take(kTypeTemporary, 1);
    case TokenKind::kKwImplicit:
      return take(kTypeImplicit, 1);
    case TokenKind::kKwExplicit:
      return take(kTypeExplicit, 1);
    case TokenKind::kEqualEqual:
      if (PeekKind() == TokenKind::kKwConst) return take(kTypeExactConst, 2);
      if (PeekKind() == TokenKind::kAmp) return take(kTypeExactReference, 2);
      return false;
    case TokenKind::kMinus:
      if (PeekKind() == TokenKind::kKwConst) return take(kTypeRemoveConst, 2);
      if (PeekKind() == TokenKind::kAmp) return take(kTypeRemoveReference, 2);
      if (PeekKind() == TokenKind::kHash) return take(kTypeRemoveTemporary, 2);
      if (PeekKind() == TokenKind::kLeftBracket && PeekKind(2) == TokenKind::kRightBracket) {
        return take(kTypeRemoveDim, 3);
      }
      return false;
    default:
      return false;
  }
}

TypeExpr* Parser::ParseTypeBase() {
  const Place place = Here();
  switch (kind_) {
    case TokenKind::kTypeBitfield:
      if (PeekKind() == TokenKind::kLess || PeekKind() == TokenKind::kColon) return ParseBitfieldType();
      break;
    case TokenKind::kKwAuto: {
      Next();
      AutoTypeExpr* type = New<AutoTypeExpr>(place);
      if (Is(TokenKind::kLeftParen)) {
        Open(LineEnd::kIgnored);
        type->name = ExpectName();
        Close(TokenKind::kRightParen);
      }
      return type;
    }
    case TokenKind::kKwArray: {
      Next();
      ArrayTypeExpr* type = New<ArrayTypeExpr>(place);
      type->element = ParseAngleType();
      return type;
    }
    case TokenKind::kKwIterator: {
      Next();
      IteratorTypeExpr* type = New<IteratorTypeExpr>(place);
      type->element = ParseAngleType();
      return type;
    }
    case TokenKind::kKwSmartPtr: {
      Next();
      SmartPtrTypeExpr* type = New<SmartPtrTypeExpr>(place);
      type->target = ParseAngleType();
      return type;
    }
    case TokenKind::kKwType: {
      Next();
      TypeOfTypeExpr* type = New<TypeOfTypeExpr>(place);
      type->type = ParseAngleType();
      return type;
    }
    case TokenKind::kKwTypedecl: {
      Next();
      TypedeclTypeExpr* type = New<TypedeclTypeExpr>(place);
      type->expr = ParseParenthesized();
      return type;
    }
    case TokenKind::kTagT: {
      Next();
      TagTypeExpr* type = New<TagTypeExpr>(place);
      type->expr = ParseParenthesized();
      return type;
    }
    case TokenKind::kKwTable:
      return ParseTableType();
    case TokenKind::kKwTuple:
      return ParseTupleType(false);
    case TokenKind::kKwVariant:
      return ParseTupleType(true);
    case TokenKind::kKwBlock:
      return ParseCallableType(CallableForm::kBlock);
    case TokenKind::kKwFunction:
      return ParseCallableType(CallableForm::kFunction);
    case TokenKind::kKwLambda:
      return ParseCallableType(CallableForm::kLambda);
    case TokenKind::kDollar:
    case TokenKind::kName:
    case TokenKind::kColonColon:
      return ParseNamedType();
    default:
      break;
  }
  BasicTypeExpr* type = New<BasicTypeExpr>(place);
  if (IsBasicType(kind_)) {
    type->basic = BasicTypeOf(kind_);
    Next();
  } else {
    Unexpected();
  }
  return type;
}

// <T>
TypeExpr* Parser::ParseAngleType() {
  Expect(TokenKind::kLess);
  TypeExpr* type = ParseType();
  ExpectGreater();
  return type;
}

bool Parser::AcceptTypeSeparator() {
  if (!Accept(TokenKind::kSemicolon) && !Accept(TokenKind::kComma) && !Accept(TokenKind::kNewLine)) return false;
  SkipLineEnds();
  return true;
}

// Name, mod::Name, Name<T; U>, Name(a), $Name<T>(a)
TypeExpr* Parser::ParseNamedType() {
  const Place place = Here();
  const bool has_dollar = Accept(TokenKind::kDollar);
  const QualifiedName name = ParseQualifiedName();
  if (!has_dollar && !Is(TokenKind::kLess) && !Is(TokenKind::kLeftParen)) {
    NamedTypeExpr* type = New<NamedTypeExpr>(place);
    type->name = name;
    return type;
  }
  MacroTypeExpr* type = New<MacroTypeExpr>(place);
  type->name = name;
  type->has_dollar = has_dollar;
  if (Accept(TokenKind::kLess)) {
    List<TypeExpr*> types(*this);
    do {
      types.Add(ParseType());
    } while (AcceptTypeSeparator());
    ExpectGreater();
    type->types = types.Take();
  }
  if (Is(TokenKind::kLeftParen)) {
    List<Argument> arguments(*this);
    Open(LineEnd::kIgnored);
    ParseArgumentList(arguments, TokenKind::kRightParen);
    Close(TokenKind::kRightParen);
    type->arguments = arguments.Take();
  }
  return type;
}

// block, block<T>, block<(a : int; b) : T>
TypeExpr* Parser::ParseCallableType(CallableForm form) {
  CallableTypeExpr* type = New<CallableTypeExpr>(Here());
  type->form = form;
  Next();
  if (!Accept(TokenKind::kLess)) return type;
  ParseSignatureType(type);
  ExpectGreater();
  return type;
}

void Parser::ParseSignatureType(CallableTypeExpr* type) {
  if (Is(TokenKind::kLeftParen)) type->parameters = ParseParameters();
  if (Accept(TokenKind::kColon) || Accept(TokenKind::kRightArrow)) {
    type->result = ParseType();
  } else if (type->parameters.empty() && !Is(TokenKind::kGreater)) {
    type->result = ParseType();
  }
}

// bitfield<a; b>, bitfield : uint8 <a>
TypeExpr* Parser::ParseBitfieldType() {
  const Place place = Here();
  // `x : bitfield : uint8 ..` needs the bits; a colon behind a plain `bitfield` belongs to somebody else.
  if (PeekKind() == TokenKind::kColon && PeekKind(3) != TokenKind::kLess) {
    Next();
    BasicTypeExpr* plain = New<BasicTypeExpr>(place);
    plain->basic = BasicType::kBitfield;
    return plain;
  }
  Next();
  BitfieldTypeExpr* type = New<BitfieldTypeExpr>(place);
  type->storage = BasicType::kUInt;
  if (Accept(TokenKind::kColon)) {
    if (!IsBasicType(kind_)) Unexpected();
    if (!stopped_) type->storage = BasicTypeOf(kind_);
    Next();
  }
  List<base::Symbol> bits(*this);
  Expect(TokenKind::kLess);
  while (Is(TokenKind::kName)) {
    bits.Add(ExpectName());
    if (!AcceptTypeSeparator()) break;
  }
  ExpectGreater();
  type->bits = bits.Take();
  return type;
}

TypeExpr* Parser::ParseTableType() {
  TableTypeExpr* type = New<TableTypeExpr>(Here());
  Next();
  Expect(TokenKind::kLess);
  type->key = ParseType();
  if (AcceptTypeSeparator()) type->value = ParseType();
  ExpectGreater();
  return type;
}

TypeExpr* Parser::ParseTupleType(bool is_variant) {
  const Place place = Here();
  Next();
  Expect(TokenKind::kLess);
  const std::span<TypeMember> members = ParseTypeMembers(is_variant);
  ExpectGreater();
  if (is_variant) {
    VariantTypeExpr* type = New<VariantTypeExpr>(place);
    type->members = members;
    return type;
  }
  TupleTypeExpr* type = New<TupleTypeExpr>(place);
  type->members = members;
  return type;
}

// name : type; type; ..., until `>` or `}`. Names are required when `named`.
std::span<TypeMember> Parser::ParseTypeMembers(bool named) {
  List<TypeMember> members(*this);
  SkipLineEnds();
  while (!Is(TokenKind::kRightBrace) && !Is(TokenKind::kGreater) && !Is(TokenKind::kStop)) {
    TypeMember member;
    member.place = Here();
    if (named || (Is(TokenKind::kName) && PeekKind() == TokenKind::kColon)) {
      member.name = ExpectName();
      Expect(TokenKind::kColon);
    }
    member.type = ParseType();
    members.Add(member);
    if (!AcceptTypeSeparator()) break;
    while (AcceptTypeSeparator()) {
    }
  }
  return members.Take();
}

}  // namespace vestige::syntax
