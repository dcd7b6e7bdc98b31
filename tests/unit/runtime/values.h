// Types and values that several tests build: lists, trees, structs with containers.

#ifndef VESTIGE_TESTS_UNIT_RUNTIME_VALUES_H_
#define VESTIGE_TESTS_UNIT_RUNTIME_VALUES_H_

#include <initializer_list>
#include <new>
#include <string_view>
#include <vector>

#include "fake_context.h"
#include "runtime/array.h"
#include "runtime/table.h"

namespace vestige::runtime {

// struct Node { next : Node?; items : array<int>; name : string }
struct Node {
  Node* next = nullptr;
  Array items;
  const char* name = nullptr;
};

struct Values {
  FakeContext context;
  types::TypeTable& types = context.types;
  const types::Type* int_type = types.int_type();
  const types::Type* ints = types.Array(int_type);
  types::StructInfo* node_info = types.NewStruct(context.names.Intern("Node"), {}, {});
  const types::Type* node = node_info->type;
  const types::Type* node_pointer = types.Pointer(node);

  Values() {
    const types::Field fields[] = {{.name = context.names.Intern("next"), .type = node_pointer},
                                   {.name = context.names.Intern("items"), .type = ints},
                                   {.name = context.names.Intern("name"), .type = types.string_type()}};
    types.CompleteStruct(node_info, fields);
    context.options().types = &types;
  }

  Node* NewNode() {
    void* block = context.heap().Allocate(sizeof(Node), memory::BlockInfo(memory::Comment::kNew, node->id));
    return new (block) Node;
  }
  void Fill(Array& array, std::initializer_list<int32_t> values) {
    for (int32_t value : values) std::memcpy(PushToArray(context, array, ShapeOfArray(ints)), &value, sizeof(value));
  }
  static std::vector<int32_t> Read(const Array& array) {
    const auto* data = reinterpret_cast<const int32_t*>(array.data);
    return {data, data + array.size};
  }
  // A list of `count` nodes, each with one item.
  Node* NewList(int count) {
    Node* head = nullptr;
    for (int i = 0; i < count; ++i) {
      Node* fresh = NewNode();
      fresh->next = head;
      head = fresh;
    }
    return head;
  }
  uint64_t live() { return context.heap().live_count(); }
};

}  // namespace vestige::runtime

#endif  // VESTIGE_TESTS_UNIT_RUNTIME_VALUES_H_
