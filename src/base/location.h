// A place in source text, as four bytes.
//
// Every source file owns a range of one global offset space (diag::SourceManager hands the ranges out), so a location
// is one number and syntax nodes, operations and leak records stay small. Turning it into file, line and column is work
// for reports only. Floor 0.

#ifndef VESTIGE_BASE_LOCATION_H_
#define VESTIGE_BASE_LOCATION_H_

#include <cstdint>

namespace vestige::base {

// Offset of a byte in the global source space. The default value is "no place": things that no source text made.
struct Location {
  uint32_t offset = 0;

  bool is_known() const { return offset != 0; }
  friend bool operator==(Location, Location) = default;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_LOCATION_H_
