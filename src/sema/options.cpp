// The table of options. Floor 3.

#include "sema/options.h"

#include <algorithm>
#include <charconv>

namespace vestige::sema {

namespace {

// Known to the language, without effect here.
constexpr std::string_view kIgnored[] = {"allow_local_variable_shadowing",
                                         "always_call_super",
                                         "always_export_initializer",
                                         "aot_macros",
                                         "auto_inline_functions",
                                         "bound_check_elision",
                                         "debug_infer_flag",
                                         "debugger",
                                         "disable_auto_inline",
                                         "disable_cse",
                                         "disable_inline",
                                         "escape_analysis",
                                         "fast_math",
                                         "force_allocate_on_stack",
                                         "force_escape_free",
                                         "force_partial_escape_free",
                                         "gen2",
                                         "indenting",
                                         "infer_time_folding",
                                         "inline_all",
                                         "intern_strings",
                                         "jit",
                                         "lint",
                                         "max_infer_passes",
                                         "max_static_variables_size",
                                         "max_string_heap_allocated",
                                         "multiple_contexts",
                                         "no_aliasing",
                                         "no_aot",
                                         "no_coverage",
                                         "no_deprecated",
                                         "no_fast_call",
                                         "no_global_heap",
                                         "no_global_variables",
                                         "no_global_variables_at_all",
                                         "no_infer_time_folding",
                                         "no_init",
                                         "no_lint",
                                         "no_local_class_members",
                                         "no_members_functions_in_struct",
                                         "no_optimization",
                                         "no_optimizations",
                                         "no_unsafe_uninitialized_structures",
                                         "no_unused_block_arguments",
                                         "no_unused_function_arguments",
                                         "no_writing_to_nameless",
                                         "only_fast_aot",
                                         "optimize",
                                         "print_ref",
                                         "print_use",
                                         "print_var_access",
                                         "profiler",
                                         "relaxed_assign",
                                         "relaxed_pointer_const",
                                         "remove_unused_symbols",
                                         "rtti",
                                         "scoped_stack_allocator",
                                         "skip_lock_checks",
                                         "skip_module_lock_checks",
                                         "skip_module_null_check",
                                         "smart_pointer_by_value_unsafe",
                                         "solid_context",
                                         "standalone_context",
                                         "strict_properties",
                                         "strict_unsafe_delete",
                                         "string_heap_size_hint",
                                         "threadlock_context",
                                         "trace_compile",
                                         "unit_test",
                                         "with_module_is_unsafe"};

bool ReadBool(std::string_view value, bool* result) {
  if (value.empty() || value == "true" || value == "1") return *result = true, true;
  if (value == "false" || value == "0") return *result = false, true;
  return false;
}

template <typename T>
bool ReadNumber(std::string_view value, T* result) {
  T number{};
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) return false;
  *result = number;
  return true;
}

OptionResult Done(bool ok) { return ok ? OptionResult::kOk : OptionResult::kBadValue; }

}  // namespace

OptionResult SetOption(ProgramOptions& options, std::string_view name, std::string_view value) {
  if (name == "persistent_heap") {
    options.persistent_heap_set = true;
    return Done(ReadBool(value, &options.persistent_heap));
  }
  if (name == "gc") return Done(ReadBool(value, &options.gc));
  if (name == "track_allocations") return Done(ReadBool(value, &options.track_allocations));
  if (name == "very_safe_context") return Done(ReadBool(value, &options.very_safe_context));
  if (name == "never_inline") return Done(ReadBool(value, &options.never_inline));
  if (name == "unwind_on_panic") return Done(ReadBool(value, &options.unwind_on_panic));
  if (name == "strict_smart_pointers") return Done(ReadBool(value, &options.strict_smart_pointers));
  if (name == "default_init_containers") return Done(ReadBool(value, &options.default_init_containers));
  if (name == "force_inscope_pod") return Done(ReadBool(value, &options.force_inscope_pod));
  if (name == "unsafe_table_lookup") return Done(ReadBool(value, &options.unsafe_table_lookup));
  if (name == "stack") return Done(ReadNumber(value, &options.stack_bytes));
  if (name == "heap_size_hint") return Done(ReadNumber(value, &options.heap_size_hint));
  if (name == "heap_size_limit") return Done(ReadNumber(value, &options.heap_size_limit));
  if (name == "string_heap_size_limit") return Done(ReadNumber(value, &options.string_heap_size_limit));
  if (name == "max_unreserved_size") return Done(ReadNumber(value, &options.max_unreserved_size));
  // Names that begin with an underscore belong to tools.
  if (name.starts_with('_') || name.starts_with("log")) return OptionResult::kOk;
  const bool ignored = std::find(std::begin(kIgnored), std::end(kIgnored), name) != std::end(kIgnored);
  return ignored ? OptionResult::kOk : OptionResult::kUnknown;
}

}  // namespace vestige::sema
