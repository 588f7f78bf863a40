package queue

// Queue holds jobs in the order in which they came.
type Queue struct {
	jobs []string
}

// Add puts a job at the end.
func (q *Queue) Add(job string) {
	q.jobs = append(q.jobs, job)
}

// Next takes the oldest job out; false when there is none.
func (q *Queue) Next() (string, bool) {
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	return job, true
}

// Len is the number of jobs that wait.
func (q *Queue) Len() int {
	return len(q.jobs)
}
