/** What is kept beside a run, for people and for other programs; the run itself does not need it. */
export const RESULTS_FILE = 'results.csv';
export const REPORT_FILE = 'report.html';
export const STATUS_FILE = 'status.json';
export const ANSWERS_FILE = 'test-answers.csv';
