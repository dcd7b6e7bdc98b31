// The work of a job, as the job queue sees it: something that is run once on another thread, and someone who makes it
// out of a script's lambda.
//
// The queue knows no interpreter and the interpreter knows no queue; both meet here. Floor 3.

#ifndef VESTIGE_JOBS_TASK_H_
#define VESTIGE_JOBS_TASK_H_

#include <cstdint>
#include <memory>
#include <string>

namespace vestige::runtime {
class ScriptContext;
}

namespace vestige::jobs {

enum class TaskKind : uint8_t { kJob, kThread };

// One lambda in a context of its own. Made on the creator's thread, run once on another, and destroyed on the thread
// that ran it, or, if it was never run, on the creator's.
class Task {
 public:
  virtual ~Task() = default;
  // Returns when the lambda has ended, however it ended; what it left has been told by then.
  virtual void Run() = 0;
  // How reports call who runs it: the lane, "main/3".
  virtual std::string Name() const { return "job"; }
};

// Makes tasks; the engine implements it, and scripts reach it by runtime::ContextOptions::spawner.
class Spawner {
 public:
  virtual ~Spawner() = default;
  // Forks `creator`, clones the frame of `lambda` into the fork, and returns the task that calls it there. The lambda
  // is consumed, on failure too. Null after a panic of the creator was begun.
  virtual std::unique_ptr<Task> MakeTask(runtime::ScriptContext& creator, void* lambda, TaskKind kind) = 0;
  // Every job that `creator` made has ended, as it closed the queue: what they left is told now.
  virtual void DidClose(runtime::ScriptContext& creator) = 0;
};

}  // namespace vestige::jobs

#endif  // VESTIGE_JOBS_TASK_H_
