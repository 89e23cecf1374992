{#- Every row that names a file, from the data map; while one does, the file stays (decision: queue, delete, forget). -#}
{{ retention.file_references() }}
