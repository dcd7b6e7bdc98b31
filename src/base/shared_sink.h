// Sinks for threads: one that several write to, and one that keeps a thread's lines whole. Floor 0.

#ifndef VESTIGE_BASE_SHARED_SINK_H_
#define VESTIGE_BASE_SHARED_SINK_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/lock.h"
#include "base/text_sink.h"

namespace vestige::base {

// May be written to by several threads at a time: what one call writes stays together.
class SharedSink : public TextSink {
 public:
  explicit SharedSink(std::unique_ptr<TextSink> to) : to_(std::move(to)) {}

  void Write(std::string_view text) override {
    const Lock lock(mutex_);
    to_->Write(text);
  }
  void Flush() override {
    const Lock lock(mutex_);
    to_->Flush();
  }
  int error() const override {
    const Lock lock(mutex_);
    return to_->error();
  }

 private:
  mutable base::Mutex mutex_;
  std::unique_ptr<TextSink> to_ ABSL_GUARDED_BY(mutex_);
};

// Hands lines on when they are whole, so that one that is put together from several texts stays one beside those of
// other threads. Flush, and its end, hand on what there is.
class LineSink : public TextSink {
 public:
  // `to` is not owned.
  explicit LineSink(TextSink& to) : to_(to) {}
  ~LineSink() override { HandOn(); }
  LineSink(const LineSink&) = delete;
  LineSink& operator=(const LineSink&) = delete;

  void Write(std::string_view text) override;
  void Flush() override {
    HandOn();
    to_.Flush();
  }
  int error() const override { return to_.error(); }
  // Hands on what there is.
  void HandOn();

 private:
  TextSink& to_;
  std::string rest_;
};

}  // namespace vestige::base

#endif  // VESTIGE_BASE_SHARED_SINK_H_
